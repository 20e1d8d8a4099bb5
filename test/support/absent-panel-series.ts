/** Selectors of the dashboards that have no series on any server of the version world, and why. What is not here must be there. */
import type { Absence } from './panel-series.ts';

export const ABSENT_PANEL_SERIES: readonly Absence[] = [
  {
    selector: /^(pg_replication_slots_(slot|wal|safe)_\w+|pg_replication_slots_wal_status)\b/,
    reason: 'the names from exporter 0.20 on',
  },
  { selector: /^instance:pgmon_slo_/, reason: 'no server has an objective' },
  { selector: /_in24h\b/, reason: 'needs hours of samples' },
  { selector: /^ALERTS\{.*severity(="critical"|!~)/, reason: 'only warnings fire' },
  { selector: /^alertmanager_notifications_/, reason: 'no receiver in the spec' },
  { selector: /^pgmon_kcache_(?!loaded)/, reason: 'pg_stat_kcache is not loaded' },
  { selector: /^pgmon_vacuum_progress_ratio\b/, reason: 'no vacuum runs for long' },
  { selector: /^node_network_/, reason: 'the exporter in its container sees no network of the machine' },
];
