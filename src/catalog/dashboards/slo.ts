/** Objectives and what is left of their budgets. */
import { DASHBOARD_UIDS, type Dashboard } from './dashboard.ts';
import { ENVIRONMENT, SERVERS } from './variables.ts';

export const SLO_DASHBOARD: Dashboard = {
  slug: '11-slo',
  uid: DASHBOARD_UIDS.slo,
  title: '11-SLO',
  question: 'Objectives and what is left of their budgets.',
  variables: [ENVIRONMENT, SERVERS],
  needs: 'slo',
  range: '6h',
  rows: [],
};
