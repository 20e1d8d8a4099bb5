/** Every server at a glance. All of it rests on recording rules with one series for each server. */
import { DASHBOARD_UIDS, type Dashboard } from './dashboard.ts';
import { FLEET_COUNTS } from './panels/fleet-counts.ts';
import {
  ROLES_OVER_TIME,
  TOP_CONNECTIONS,
  TOP_GROWTH,
  TOP_LAG,
  TOP_ROLLBACKS,
} from './panels/fleet-ranking.ts';
import { FLEET_SERVERS, FLEET_VERSIONS } from './panels/fleet-servers.ts';
import { ENVIRONMENT, SERVERS } from './variables.ts';

export const FLEET_DASHBOARD: Dashboard = {
  slug: '00-fleet',
  uid: DASHBOARD_UIDS.fleet,
  title: '00-Fleet',
  question: 'Every server at a glance.',
  variables: [ENVIRONMENT, SERVERS],
  range: '6h',
  rows: [
    { title: 'How many', panels: FLEET_COUNTS },
    { title: 'Servers', panels: [FLEET_SERVERS] },
    { title: 'Which ones stand out', panels: [TOP_CONNECTIONS, TOP_LAG, TOP_ROLLBACKS, TOP_GROWTH] },
    { title: 'Roles and versions', panels: [ROLES_OVER_TIME, FLEET_VERSIONS] },
  ],
};
