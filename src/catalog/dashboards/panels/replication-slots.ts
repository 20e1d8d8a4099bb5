/** Replication slots: who reads them, and the WAL that they keep. */
import { NO_SLOT, SLOTS_KEEP_NOTHING } from '../empty-when.ts';
import { query, table, timeSeries } from '../house-look.ts';
import { highIsBad, lowIsBad } from '../thresholds.ts';

const S = '{instance=~"$instance"}';
const MIB = 1024 ** 2;

/** Exporter 0.20 calls them pg_replication_slots_*. */
const bothNames = (metric: string): string =>
  `(pg_replication_slot_${metric}${S} or pg_replication_slots_${metric}${S})`;

const STATUS = `topk by (slot_name) (1, ${bothNames('wal_status')} == 1)`;

/** With type and WAL status as columns. A slot that has reserved no WAL yet has no status. */
const ofSlot = (figure: string): string =>
  `max by (slot_name) (${figure}) * on (slot_name) group_left (slot_type, wal_status) ${STATUS}` +
  ` or max by (slot_name) (${figure}) unless on (slot_name) ${bothNames('wal_status')}`;

export const SLOTS = table({
  id: 'slots',
  title: 'Slots by Kept WAL (bytes)',
  text: {
    shows:
      'Each replication slot: whether somebody reads it, the WAL that stays on the disk because of it, and how much more that may become before the slot is given up (only with max_slot_wal_keep_size).',
    normal: 'Every slot is read, keeps little, and has the status "reserved" or "extended".',
    action:
      '"unreserved" is about to be lost, "lost" cannot be used again: build that replica anew. Drop a slot only when its reader will not come back: it cannot go on where it was.',
  },
  unit: 'bytes',
  columns: [
    { label: 'slot_name', header: 'Slot' },
    { label: 'slot_type', header: 'Type' },
    { label: 'wal_status', header: 'WAL status' },
  ],
  queries: [
    query(ofSlot(`pg_replication_slots_active${S}`), 'Read', {
      everySeconds: 60,
      unit: 'bool_yes_no',
      thresholds: {
        steps: [
          { from: null, level: 'warning' },
          { from: 1, level: 'ok' },
        ],
      },
    }),
    query(ofSlot(`pg_replication_slots_pg_wal_lsn_diff${S} >= 0`), 'WAL kept', {
      everySeconds: 60,
      thresholds: highIsBad(1024 * MIB, 5 * 1024 * MIB),
    }),
    query(ofSlot(bothNames('safe_wal_size_bytes')), 'May still grow', {
      everySeconds: 60,
      thresholds: lowIsBad(256 * MIB, 1024 * MIB),
    }),
  ],
  sortBy: 1,
  width: 14,
  height: 7,
  emptyWhen: [NO_SLOT],
  alert: 'PostgreSQLReplicationSlotAtRisk',
});

export const WAL_KEPT_BY_SLOTS = timeSeries({
  id: 'wal-kept-by-slots',
  title: 'WAL Kept by Slot (bytes)',
  text: {
    shows: 'WAL that cannot be removed because a slot still needs it. The line of a lost slot ends.',
    normal: 'Up and down with the load, near 0 when the reader has caught up.',
    action:
      'A line that rises steadily belongs to a reader that is gone or too slow; it fills the disk in the end.',
  },
  unit: 'bytes',
  min: 0,
  queries: [
    query(`max by (slot_name) (pg_replication_slots_pg_wal_lsn_diff${S} >= 0)`, '{{slot_name}}', {
      everySeconds: 60,
    }),
  ],
  width: 10,
  height: 7,
  thresholds: highIsBad(1024 * MIB, 5 * 1024 * MIB),
  emptyWhen: [NO_SLOT, SLOTS_KEEP_NOTHING],
  alert: 'PostgreSQLReplicationSlotRetainingWAL',
});
