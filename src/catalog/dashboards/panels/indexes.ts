/** Indexes that are unused or invalid, and sequences near their end. */
import { type EmptyWhen, ONLY_REPLICAS_SELECTED } from '../empty-when.ts';
import { bars, query, stat, table } from '../house-look.ts';
import { anyIsBad, highIsBad } from '../thresholds.ts';
import {
  BY_INDEX,
  CHOSEN,
  FIVE_MINUTES,
  inTime,
  latest,
  NO_TABLES_CHOSEN,
  NOT_READ,
} from './table-expressions.ts';

const ROWS = 20;
const SIZE = latest('pgmon_index_size_bytes', BY_INDEX);
const SCANS = inTime('pgmon_index_scans_total', BY_INDEX);
const INVALID = latest('pgmon_index_invalid', BY_INDEX);
const UNUSED_SIZE = `${SIZE} * (${SCANS} == bool 0)`;
const TOP = `topk(${ROWS}, ${UNUSED_SIZE})`;
/** Counted in every database of a primary, also where nothing is wrong. */
const ON_PRIMARY = `sum(${latest('pgmon_sequences_unreadable', 'by (instance, datname)')})`;

const NOT_COUNTED = [ONLY_REPLICAS_SELECTED, ...NOT_READ];

/** Tables with an index tell how often their indexes were scanned. */
const NO_INDEXES: EmptyWhen = {
  reason: 'no large table of the chosen databases has an index',
  holds: `absent(pgmon_table_index_scans_total${CHOSEN}) and on () (count(pgmon_table_size_bytes${CHOSEN}) > 0)`,
  mayHaveData: true,
};

export const INVALID_INDEXES = stat({
  id: 'invalid-indexes',
  title: 'Invalid Indexes (count)',
  text: {
    shows:
      'Indexes that are kept up to date by every write and used by no query: CREATE INDEX CONCURRENTLY failed half way.',
    normal: '0.',
    action:
      'REINDEX INDEX CONCURRENTLY, or DROP INDEX CONCURRENTLY and build it again. The table below names them.',
  },
  unit: 'short',
  decimals: 0,
  thresholds: anyIsBad('warning'),
  queries: [query(`count(${INVALID}) or on () ${ON_PRIMARY} * 0`, 'invalid', FIVE_MINUTES)],
  emptyWhen: NOT_COUNTED,
  alert: 'PostgreSQLInvalidIndex',
});

export const UNUSED_INDEX_SIZE = stat({
  id: 'unused-index-size',
  title: 'Unused Indexes (bytes)',
  text: {
    shows: 'Size of the indexes that no query of this server scanned in the selected time.',
    normal: 'Small. Look at a month, not at an hour: reports come once a month.',
    action: 'See the table below before you drop one.',
  },
  unit: 'bytes',
  queries: [query(`sum(${UNUSED_SIZE})`, 'unused', FIVE_MINUTES)],
  emptyWhen: [...NO_TABLES_CHOSEN, NO_INDEXES],
});

export const INDEXES = table({
  id: 'indexes',
  title: 'Unused and Invalid Indexes (bytes)',
  text: {
    shows: `The ${ROWS} largest indexes that no query scanned in the selected time, then used ones, and every invalid one.`,
    normal:
      'Only indexes that guard a rule are unused: primary keys and unique indexes are needed whether scanned or not.',
    action:
      'Choose a range of weeks and look at the replicas too, which count their own scans. Then DROP INDEX CONCURRENTLY, with its definition kept (pg_get_indexdef).',
  },
  unit: 'bytes',
  columns: [
    { label: 'datname', header: 'Database' },
    { label: 'schemaname', header: 'Schema' },
    { label: 'relname', header: 'Table' },
    { label: 'indexrelname', header: 'Index' },
  ],
  queries: [
    query(TOP, 'Unused size', FIVE_MINUTES),
    query(`${SIZE} and ${TOP}`, 'Size', FIVE_MINUTES),
    query(`round(${SCANS}) and ${TOP}`, 'Scans', { ...FIVE_MINUTES, unit: 'short' }),
    query(INVALID, 'Invalid', { ...FIVE_MINUTES, unit: 'bool_yes_no', thresholds: anyIsBad('warning') }),
  ],
  width: 15,
  height: 8,
  emptyWhen: UNUSED_INDEX_SIZE.emptyWhen,
});

const USED = 'pgmon_sequence_used_ratio';
const SEQUENCES_HIDDEN = {
  reason: 'the monitoring role may not read the sequences (GRANT SELECT ON ALL SEQUENCES IN SCHEMA …)',
  holds: `sum(pgmon_sequences_unreadable${CHOSEN}) > 0`,
  mayHaveData: true,
};

export const SEQUENCE_USE = stat({
  id: 'sequence-use',
  title: 'Most Used Sequence (%)',
  text: {
    shows:
      'How much of the numbers of the most used sequence is gone, or of the integer column that takes them when that ends first.',
    normal: 'Below 75 %.',
    action: 'Change the column and the sequence to bigint before it reaches 100 %: inserts fail then.',
  },
  unit: 'percentunit',
  decimals: 1,
  thresholds: highIsBad(0.75, 0.95),
  queries: [
    query(`max(last_over_time(${USED}${CHOSEN}[15m])) or on () (${ON_PRIMARY} == 0)`, 'used', FIVE_MINUTES),
  ],
  emptyWhen: [...NOT_COUNTED, SEQUENCES_HIDDEN],
  alert: 'PostgreSQLSequenceNearEnd',
});

export const SEQUENCES_UNREADABLE = stat({
  id: 'sequences-unreadable',
  title: 'Sequences Out of Sight (count)',
  text: {
    shows: 'Sequences whose value the monitoring role may not read, so that nobody is told when they end.',
    normal: '0, or as many as you decided to leave out.',
    action:
      'GRANT SELECT ON ALL SEQUENCES IN SCHEMA … to the monitoring role. It lets the role read numbers, no rows.',
  },
  unit: 'short',
  decimals: 0,
  queries: [query(ON_PRIMARY, 'out of sight', FIVE_MINUTES)],
  emptyWhen: NOT_COUNTED,
});

const USED_NOW = `max by (datname, schemaname, sequencename) (last_over_time(${USED}${CHOSEN}[15m]))`;

export const SEQUENCES = bars({
  id: 'sequences',
  title: 'Sequences Near Their End (% used)',
  text: {
    shows: 'The most used sequences that the monitoring role may read.',
    normal: 'Far from 100 %.',
    action: 'Change what is above 75 % to bigint in a quiet hour.',
  },
  unit: 'percentunit',
  decimals: 1,
  max: 1,
  thresholds: highIsBad(0.75, 0.95),
  queries: [
    query(`topk(10, ${USED_NOW})`, '{{datname}}.{{schemaname}}.{{sequencename}}', FIVE_MINUTES),
    query(`${ON_PRIMARY} * 0 unless on () count(${USED_NOW})`, 'no sequence that may be read', FIVE_MINUTES),
  ],
  width: 9,
  height: 8,
  emptyWhen: NOT_COUNTED,
});
