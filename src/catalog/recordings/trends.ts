/** Figures over days. They change slowly and read much, so they are made seldom; a sample still lasts until the next one. */
import type { RecordingGroup } from './recording.ts';

const HITS = 'instance_datname:pg_stat_database_blks_hit:rate5m';
const READS = 'instance_datname:pg_stat_database_blks_read:rate5m';

export const TREND_RECORDINGS: RecordingGroup = {
  name: 'pgmon-recording-trends',
  // Prometheus forgets a sample after 5 minutes.
  intervalSeconds: 240,
  rules: [
    {
      record: 'instance:pg_stat_database_blks_hit:ratio_rate5m_busy',
      meaning:
        'Share of block reads that shared buffers answered, 0 to 1; absent below 100 blocks per second.',
      expr: `sum by (instance) (${HITS}) / (sum by (instance) (${HITS} + ${READS}) > 100)`,
    },
    {
      record: 'instance:pg_stat_database_blks_hit:ratio_avg7d',
      meaning: 'Mean of the above over seven days, busy times only.',
      expr: 'avg_over_time(instance:pg_stat_database_blks_hit:ratio_rate5m_busy[7d])',
    },
  ],
};
