/** Figures of replication that look back over an hour. */
import type { RecordingGroup } from './recording.ts';

export const REPLICATION_RECORDINGS: RecordingGroup = {
  name: 'pgmon-recording-replication',
  intervalSeconds: 30,
  rules: [
    {
      record: 'instance_application_name:pg_stat_replication:count',
      meaning:
        'Connections of standbys and subscribers by name; backups and the first copy of tables, which end by themselves, are left out.',
      // Aggregated: the exporter makes new series whenever a standby comes back.
      expr: 'count by (instance, application_name) (pg_stat_replication_pg_current_wal_lsn_bytes{application_name!~".*backup.*|pg_[0-9]+_sync_.*"})',
    },
  ],
};
