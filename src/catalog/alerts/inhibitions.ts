/** Which alert makes which others superfluous: one page for an outage, not one for each of its symptoms. Pure data. */
export interface Inhibition {
  /** While one of these fires, … */
  readonly sources: readonly string[];
  /** … these are not sent; `everything` = whatever else carries the same labels. */
  readonly targets: readonly string[] | 'everything';
  /** Labels that must be the same on both; empty = wherever they are. */
  readonly equal: readonly string[];
}

const SERVER = ['environment', 'instance'] as const;
const DATABASE = [...SERVER, 'datname'] as const;

/** A worse alert and the milder ones about the same thing, or a cause and its symptoms, on one server. */
const SIBLINGS: readonly Inhibition[] = [
  {
    sources: ['PostgreSQLConnectionsExhausted'],
    targets: [
      'PostgreSQLTooManyConnections',
      'PostgreSQLConnectionSurge',
      // The exporter gets no connection either.
      'PostgreSQLCollectorFailing',
      'PostgreSQLCollectorsLost',
    ],
    equal: SERVER,
  },
  {
    sources: ['PostgreSQLIdleInTransaction'],
    targets: ['PostgreSQLLongTransaction'],
    equal: [...DATABASE, 'usename'],
  },
  {
    sources: ['PostgreSQLTransactionIdWraparoundImminent'],
    targets: ['PostgreSQLTransactionIdWraparound'],
    equal: DATABASE,
  },
  {
    sources: ['PostgreSQLMultixactWraparoundImminent'],
    targets: ['PostgreSQLMultixactWraparound'],
    equal: DATABASE,
  },
  {
    sources: ['PostgreSQLSequenceExhausted'],
    targets: ['PostgreSQLSequenceNearEnd'],
    equal: [...DATABASE, 'schemaname', 'sequencename'],
  },
  {
    sources: ['PostgreSQLReplicationBroken', 'PostgreSQLReplayPaused'],
    targets: ['PostgreSQLReplicationLag'],
    equal: SERVER,
  },
  {
    sources: ['PostgreSQLReplicationSlotAtRisk'],
    targets: ['PostgreSQLReplicationSlotInactive', 'PostgreSQLReplicationSlotRetainingWAL'],
    equal: [...SERVER, 'slot_name'],
  },
  {
    sources: ['PostgreSQLSubscriptionDown', 'PostgreSQLSubscriptionDisabled'],
    targets: ['PostgreSQLSubscriptionErrors', 'PostgreSQLSubscriptionLag'],
    equal: [...DATABASE, 'subname'],
  },
  {
    sources: ['PostgreSQLArchivingFailing'],
    targets: ['PostgreSQLArchiveBacklog', 'PostgreSQLWALDirectoryLarge'],
    equal: SERVER,
  },
  {
    sources: ['PostgreSQLAvailabilityBurnFast'],
    targets: ['PostgreSQLAvailabilityBurnSlow'],
    equal: SERVER,
  },
  { sources: ['PostgreSQLLatencyBurnFast'], targets: ['PostgreSQLLatencyBurnSlow'], equal: SERVER },
];

const MOUNT = ['instance', 'mountpoint'] as const;

/** The same on machines. */
const HOST_SIBLINGS: readonly Inhibition[] = [
  {
    sources: ['HostDiskSpaceCritical'],
    targets: ['HostDiskSpaceLow', 'HostDiskWillFill'],
    equal: MOUNT,
  },
  { sources: ['HostDiskSpaceLow'], targets: ['HostDiskWillFill'], equal: MOUNT },
];

/** Every inhibition; `PostgreSQLExporterDown` never hides `PostgreSQLDown`, whose own rule tells the two apart. */
export const INHIBITIONS: readonly Inhibition[] = [
  // A server that is down has no other news.
  { sources: ['PostgreSQLDown'], targets: 'everything', equal: SERVER },
  // Without the exporter these only say that figures are missing, server by server.
  {
    sources: ['PostgreSQLExporterDown'],
    targets: [
      'PostgreSQLCollectorFailing',
      'PostgreSQLCollectorsLost',
      'PostgreSQLScrapeSlow',
      'PostgreSQLSlowScrapeFailing',
    ],
    equal: [],
  },
  { sources: ['PostgreSQLExporterDown'], targets: ['ScrapeTargetDown'], equal: ['instance', 'job'] },
  ...SIBLINGS,
  ...HOST_SIBLINGS,
];
