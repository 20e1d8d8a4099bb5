/**
 * Tables that something is to be said about. A server may have thousands of tables and the exporter reads them every five
 * minutes, so these are made seldom and only for tables above a floor; the alerts then look at few series.
 */
import type { RecordingGroup } from './recording.ts';

const BY = 'by (instance, datname, schemaname, relname)';

export const TABLE_RECORDINGS: RecordingGroup = {
  name: 'pgmon-recording-tables',
  // Prometheus forgets a sample after 5 minutes.
  intervalSeconds: 120,
  rules: [
    {
      record: 'table:pgmon_table_dead_tuples:ratio',
      meaning: 'Share of dead rows, 0 to 1, of tables with more than 10,000 of them.',
      // dead / (live + dead), written so that each series is read once.
      expr: `max ${BY} (1 / (1 + pgmon_table_live_tuples / (pgmon_table_dead_tuples > 10000)))`,
      needs: ['sql-exporter'],
    },
    {
      record: 'table:pgmon_table_vacuum:ratio',
      meaning:
        'Dead rows against the number that makes autovacuum start, of tables that are past it and have more than 10,000 dead rows.',
      expr: `max ${BY} (pgmon_table_vacuum_ratio > 1) and table:pgmon_table_dead_tuples:ratio`,
      needs: ['sql-exporter'],
    },
    {
      record: 'table:pgmon_table_analyze:ratio',
      meaning: 'Changed rows against the number that makes autoanalyze start, of tables that are past it.',
      expr: `max ${BY} (pgmon_table_analyze_ratio > 1)`,
      needs: ['sql-exporter'],
    },
    {
      record: 'table:pgmon_table_bloat:ratio',
      meaning:
        'Estimated share of free and wasted space, 0 to 1, where it is more than a fifth of the table and more than 256 MiB.',
      expr: `max ${BY} ((pgmon_table_bloat_ratio > 0.2) and (pgmon_table_bloat_bytes > 268435456))`,
      needs: ['sql-exporter'],
    },
  ],
};
