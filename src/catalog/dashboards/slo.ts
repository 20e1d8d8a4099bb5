/** Objectives and what is left of their budgets. */
import { DASHBOARD_UIDS, type Dashboard } from './dashboard.ts';
import { AVAILABILITY_BURN, AVAILABILITY_BY_SERVER, UNAVAILABLE_TIME } from './panels/slo-availability.ts';
import { LATENCY_BURN, LATENCY_BY_SERVER, SLOW_CALLS } from './panels/slo-latency.ts';
import {
  FASTEST_AVAILABILITY_BURN,
  FASTEST_LATENCY_BURN,
  LEAST_AVAILABILITY_BUDGET,
  LEAST_LATENCY_BUDGET,
  OBJECTIVES_MISSED,
  SLOW_CALLS_NOW,
  UNAVAILABLE_NOW,
  WITH_OBJECTIVE,
} from './panels/slo-state.ts';
import { ENVIRONMENT, SERVERS } from './variables.ts';

export const SLO_DASHBOARD: Dashboard = {
  slug: '11-slo',
  uid: DASHBOARD_UIDS.slo,
  title: '11-SLO',
  question: 'Objectives and what is left of their budgets.',
  variables: [ENVIRONMENT, SERVERS],
  needs: 'slo',
  range: '24h',
  rows: [
    {
      title: 'Now',
      panels: [
        UNAVAILABLE_NOW,
        LEAST_AVAILABILITY_BUDGET,
        OBJECTIVES_MISSED,
        FASTEST_AVAILABILITY_BURN,
        LEAST_LATENCY_BUDGET,
        FASTEST_LATENCY_BURN,
        SLOW_CALLS_NOW,
        WITH_OBJECTIVE,
      ],
    },
    { title: 'Availability', panels: [AVAILABILITY_BY_SERVER, AVAILABILITY_BURN, UNAVAILABLE_TIME] },
    { title: 'Latency', panels: [LATENCY_BY_SERVER, SLOW_CALLS, LATENCY_BURN] },
  ],
};
