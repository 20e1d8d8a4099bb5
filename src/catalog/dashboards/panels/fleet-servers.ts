/** Every server of the fleet in one table, and which versions there are. */

import { DASHBOARD_UIDS } from '../dashboard.ts';
import { query, table } from '../house-look.ts';
import { anyIsBad, highIsBad, IDS_USED, LAG_SECONDS, lowIsBad, NO_IS_BAD } from '../thresholds.ts';
import { FLEET, ofFleet, ZERO_ALERTS } from './scopes.ts';

const minute = { everySeconds: 60 } as const;

export const FLEET_SERVERS = table({
  id: 'servers',
  title: 'Servers (state, load and reserves)',
  text: {
    shows:
      'Every chosen server with what matters most of it. Those with firing alerts come first; a click on a name opens its overview.',
    normal: 'All up, no alerts, connections below 80 %, cache hits above 95 %, wraparound below 20 %.',
    action:
      'Open the server whose cells are coloured. A server that does not answer keeps its row; its version and role are unknown then.',
  },
  unit: 'none',
  height: 11,
  columns: [
    {
      label: 'instance',
      header: 'Server',
      link: {
        title: 'Open its overview',
        dashboard: DASHBOARD_UIDS.overview,
        variables: { instance: 'instance' },
      },
    },
    { label: 'environment', header: 'Environment' },
    { label: 'role', header: 'Role' },
    { label: 'version', header: 'Version' },
  ],
  queries: [
    query(ofFleet('instance:pg_up:bool'), 'Up', {
      ...minute,
      unit: 'bool_yes_no',
      thresholds: NO_IS_BAD,
    }),
    query(
      ofFleet(
        `(count by (instance) (ALERTS{alertstate="firing"}) or on (instance) (instance:pg_up:bool * on () group_left () (${ZERO_ALERTS})))`,
      ),
      'Alerts',
      { thresholds: anyIsBad('warning') },
    ),
    query(ofFleet('instance:pg_stat_activity_count:ratio'), 'Connections', {
      unit: 'percentunit',
      thresholds: highIsBad(0.8, 0.95),
    }),
    query(ofFleet('instance:pg_stat_database_xact:sum_rate5m'), 'Transactions', { unit: 'tps' }),
    query(ofFleet('instance:pg_stat_database_xact_rollback:ratio_rate5m'), 'Rolled Back', {
      ...minute,
      unit: 'percentunit',
      thresholds: highIsBad(0.1, 0.5),
    }),
    query(ofFleet('instance:pg_stat_database_blks_hit:ratio_rate5m'), 'Cache Hits', {
      unit: 'percentunit',
      thresholds: lowIsBad(0.9, 0.95),
    }),
    query(ofFleet('instance:pg_replication_lag_seconds:max'), 'Lag', {
      ...minute,
      unit: 's',
      thresholds: LAG_SECONDS,
    }),
    query(ofFleet('instance:pg_database_size_bytes:sum'), 'Size', { ...minute, unit: 'bytes' }),
    query(ofFleet('instance:pg_database_wraparound_age:ratio'), 'Wraparound', {
      ...minute,
      unit: 'percentunit',
      thresholds: IDS_USED,
    }),
  ],
  sortBy: 1,
});

export const FLEET_VERSIONS = table({
  id: 'versions',
  title: 'Versions in Use (servers)',
  text: {
    shows: 'How many servers run which version of PostgreSQL.',
    normal: 'Few versions, each the newest minor release of its major version, none beyond its end of life.',
    action:
      'Install minor releases soon: they fix bugs and security holes and need only a restart. The servers table says who runs what.',
  },
  unit: 'none',
  width: 6,
  height: 8,
  columns: [{ label: 'version', header: 'Version' }],
  queries: [query(`count by (version) (${FLEET})`, 'Servers', { everySeconds: 60 })],
});
