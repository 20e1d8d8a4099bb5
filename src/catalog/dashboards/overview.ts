/** One server: is it well. From health over problems and load to maintenance. */
import { DASHBOARD_UIDS, type Dashboard } from './dashboard.ts';
import { withTopicLinks } from './overview-links.ts';
import { OVERVIEW_HEALTH, SERVER_ALERTS } from './panels/overview-health.ts';
import { OVERVIEW_LOAD } from './panels/overview-load.ts';
import { OVERVIEW_MAINTENANCE } from './panels/overview-maintenance.ts';
import { OVERVIEW_PROBLEMS } from './panels/overview-problems.ts';
import { ENVIRONMENT, SERVER } from './variables.ts';

export const OVERVIEW_DASHBOARD: Dashboard = {
  slug: '01-overview',
  uid: DASHBOARD_UIDS.overview,
  title: '01-Overview',
  question: 'One server: is it well.',
  variables: [ENVIRONMENT, SERVER],
  range: '6h',
  rows: [
    { title: 'Health', panels: withTopicLinks(OVERVIEW_HEALTH) },
    { title: 'Problems', panels: withTopicLinks([...OVERVIEW_PROBLEMS, SERVER_ALERTS]) },
    { title: 'Performance', panels: withTopicLinks(OVERVIEW_LOAD) },
    { title: 'Maintenance', panels: withTopicLinks(OVERVIEW_MAINTENANCE) },
  ],
};
