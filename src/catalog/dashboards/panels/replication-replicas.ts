/** The replicas of a server, each with what it has yet to do, stage by stage. */
import { LAG_TIME_UNKNOWN, NO_REPLICA_CONNECTED, NO_SQL_EXPORTER } from '../empty-when.ts';
import { query, table, timeSeries } from '../house-look.ts';
import { highIsBad, LAG_SECONDS } from '../thresholds.ts';

const MIB = 1024 ** 2;
const LAG_BYTES = highIsBad(256 * MIB, 1024 * MIB);

/** A replica that reconnects may be there twice for a moment. */
const STATE = 'topk by (application_name, client) (1, pgmon_replica_info{instance=~"$instance"})';

const lagOf = (unit: 'bytes' | 'seconds', stage: string): string =>
  `max by (application_name, client) (pgmon_replica_lag_${unit}{instance=~"$instance", stage="${stage}"})` +
  ` * on (application_name, client) group_left (state, sync_state) ${STATE}`;

const bytes = (stage: string, legend: string) =>
  query(lagOf('bytes', stage), legend, { everySeconds: 60, unit: 'bytes', thresholds: LAG_BYTES });
const seconds = (stage: string, legend: string) =>
  query(lagOf('seconds', stage), legend, { everySeconds: 60, unit: 's', thresholds: LAG_SECONDS });

export const REPLICAS = table({
  id: 'replicas',
  title: 'Replicas by Lag (bytes and s)',
  text: {
    shows:
      'Each connected replica and what lies between it and this server: WAL not yet sent, written, flushed to disk and replayed there, and the time that the last three lately took.',
    normal: 'All of it small. "Sent" near 0 means that this server and the network keep up.',
    action:
      'A large "sent" points at the network or this server, "written" and "flushed" at the disk of the replica, "replayed" alone at queries there that hold replay up.',
  },
  unit: 'bytes',
  columns: [
    { label: 'application_name', header: 'Replica' },
    { label: 'client', header: 'Address' },
    { label: 'state', header: 'State' },
    { label: 'sync_state', header: 'Synchronous' },
  ],
  queries: [
    bytes('replay', 'Not replayed'),
    bytes('flush', 'Not flushed'),
    bytes('write', 'Not written'),
    bytes('sent', 'Not sent'),
    seconds('replay', 'Replay lag'),
    seconds('flush', 'Flush lag'),
    seconds('write', 'Write lag'),
  ],
  height: 6,
  emptyWhen: [NO_REPLICA_CONNECTED, NO_SQL_EXPORTER],
  alert: 'PostgreSQLReplicationLagBytes',
});

export const REPLICA_LAG_BYTES = timeSeries({
  id: 'replica-lag-bytes',
  title: 'Replica Lag by Stage (bytes)',
  text: {
    shows: 'WAL of this server that each replica has yet to get, write, flush and replay.',
    normal: 'Low, with short peaks during bulk writes and vacuum.',
    action: 'A line that only rises ends with a lost replica or a full disk: find the stage that is behind.',
  },
  unit: 'bytes',
  min: 0,
  queries: [
    query(
      // Without the SQL exporter there is no more than what postgres_exporter knows.
      'max by (application_name, client, stage) (pgmon_replica_lag_bytes{instance=~"$instance"})' +
        ' or on () max by (application_name) (pg_stat_replication_pg_wal_lsn_diff{instance=~"$instance"})',
      '{{application_name}} {{client}} {{stage}}',
      { everySeconds: 60 },
    ),
  ],
  height: 7,
  thresholds: LAG_BYTES,
  emptyWhen: [NO_REPLICA_CONNECTED],
  alert: 'PostgreSQLReplicationLagBytes',
});

export const REPLICA_LAG_SECONDS = timeSeries({
  id: 'replica-lag-seconds',
  title: 'Replica Lag by Stage (s)',
  text: {
    shows:
      'How long it lately took until a replica confirmed WAL as written, flushed and replayed; 0 when it has all of it.',
    normal: 'Milliseconds in one place, tens of milliseconds between places.',
    action:
      'With synchronous replication every commit waits for this time: look at the network for "write", at the disk for "flush", at queries on the replica for "replay".',
  },
  unit: 's',
  min: 0,
  queries: [
    query(
      'max by (application_name, client, stage) (pgmon_replica_lag_seconds{instance=~"$instance"})',
      '{{application_name}} {{client}} {{stage}}',
      { everySeconds: 60 },
    ),
  ],
  height: 7,
  thresholds: LAG_SECONDS,
  emptyWhen: [NO_REPLICA_CONNECTED, LAG_TIME_UNKNOWN, NO_SQL_EXPORTER],
  alert: 'PostgreSQLReplicationLag',
});
