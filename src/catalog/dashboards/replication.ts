/** Replicas, slots and how far behind they are. */
import { DASHBOARD_UIDS, type Dashboard } from './dashboard.ts';
import { CONFLICTS, REPLAY_LAG_OVER_TIME, SUBSCRIPTIONS } from './panels/replication-replay.ts';
import { REPLICA_LAG_BYTES, REPLICA_LAG_SECONDS, REPLICAS } from './panels/replication-replicas.ts';
import { SLOTS, WAL_KEPT_BY_SLOTS } from './panels/replication-slots.ts';
import {
  LARGEST_REPLICA_LAG,
  MOST_WAL_KEPT_BY_A_SLOT,
  REPLAY_LAG,
  REPLAY_STATE,
  REPLICAS_CONNECTED,
  ROLE,
  SLOTS_NOT_READ,
  WAL_RECEIVER,
} from './panels/replication-state.ts';
import { ENVIRONMENT, SERVER } from './variables.ts';

export const REPLICATION_DASHBOARD: Dashboard = {
  slug: '05-replication',
  uid: DASHBOARD_UIDS.replication,
  title: '05-Replication',
  question: 'Replicas, slots and how far behind they are.',
  variables: [ENVIRONMENT, SERVER],
  range: '6h',
  rows: [
    {
      title: 'This server',
      panels: [
        ROLE,
        REPLICAS_CONNECTED,
        LARGEST_REPLICA_LAG,
        SLOTS_NOT_READ,
        MOST_WAL_KEPT_BY_A_SLOT,
        REPLAY_LAG,
        WAL_RECEIVER,
        REPLAY_STATE,
      ],
    },
    { title: 'Who follows it', panels: [REPLICAS, REPLICA_LAG_BYTES, REPLICA_LAG_SECONDS] },
    { title: 'What it keeps for them', panels: [SLOTS, WAL_KEPT_BY_SLOTS] },
    { title: 'What it follows', panels: [REPLAY_LAG_OVER_TIME, CONFLICTS, SUBSCRIPTIONS] },
  ],
};
