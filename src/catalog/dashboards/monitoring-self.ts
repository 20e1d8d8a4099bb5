/** The monitoring itself. */
import { DASHBOARD_UIDS, type Dashboard } from './dashboard.ts';
import {
  COST_ON_SERVERS,
  FAILING,
  SCRAPE_DURATION,
  SLOWEST_SQL,
  TARGETS_BY_JOB,
} from './panels/self-scrapes.ts';
import {
  PROMETHEUS_DISK,
  RULE_TIME,
  SERIES_OVER_TIME,
  SERVICE_CPU,
  SERVICE_MEMORY,
} from './panels/self-services.ts';
import {
  CONFIG_LOADED,
  DISK_USED,
  FAILING_PARTS,
  SAMPLES,
  SERIES,
  SLOWEST_RULES,
  STORAGE_FAILURES,
  TARGETS_DOWN,
} from './panels/self-state.ts';
import { ENVIRONMENT, SERVERS } from './variables.ts';

export const MONITORING_SELF_DASHBOARD: Dashboard = {
  slug: '12-monitoring-self',
  uid: DASHBOARD_UIDS.self,
  title: '12-Monitoring-Self',
  question: 'The monitoring itself.',
  variables: [ENVIRONMENT, SERVERS],
  range: '6h',
  rows: [
    {
      title: 'Now',
      panels: [
        TARGETS_DOWN,
        FAILING_PARTS,
        STORAGE_FAILURES,
        CONFIG_LOADED,
        SLOWEST_RULES,
        SERIES,
        SAMPLES,
        DISK_USED,
      ],
    },
    { title: 'Scrapes', panels: [TARGETS_BY_JOB, SCRAPE_DURATION, FAILING, SLOWEST_SQL, COST_ON_SERVERS] },
    {
      title: 'Services of the stack',
      panels: [SERVICE_MEMORY, SERVICE_CPU, RULE_TIME, SERIES_OVER_TIME, PROMETHEUS_DISK],
    },
  ],
};
