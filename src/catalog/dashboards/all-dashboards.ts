/** Every dashboard, in the order of its number. */

import { ALERTING_DASHBOARD } from './alerting.ts';
import { CONNECTIONS_DASHBOARD } from './connections.ts';
import type { Dashboard } from './dashboard.ts';
import { FLEET_DASHBOARD } from './fleet.ts';
import { HOST_DASHBOARD } from './host.ts';
import { MONITORING_SELF_DASHBOARD } from './monitoring-self.ts';
import { OVERVIEW_DASHBOARD } from './overview.ts';
import { PERFORMANCE_DASHBOARD } from './performance.ts';
import { QUERIES_DASHBOARD } from './queries.ts';
import { REPLICATION_DASHBOARD } from './replication.ts';
import { SLO_DASHBOARD } from './slo.ts';
import { TABLES_INDEXES_DASHBOARD } from './tables-indexes.ts';
import { VACUUM_DASHBOARD } from './vacuum.ts';
import { WAL_CHECKPOINTS_DASHBOARD } from './wal-checkpoints.ts';

export const DASHBOARDS: readonly Dashboard[] = [
  FLEET_DASHBOARD,
  OVERVIEW_DASHBOARD,
  PERFORMANCE_DASHBOARD,
  CONNECTIONS_DASHBOARD,
  QUERIES_DASHBOARD,
  REPLICATION_DASHBOARD,
  TABLES_INDEXES_DASHBOARD,
  ALERTING_DASHBOARD,
  WAL_CHECKPOINTS_DASHBOARD,
  VACUUM_DASHBOARD,
  HOST_DASHBOARD,
  SLO_DASHBOARD,
  MONITORING_SELF_DASHBOARD,
];
