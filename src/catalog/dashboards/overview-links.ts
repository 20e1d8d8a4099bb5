/** From a figure of the overview to the dashboard that goes into it. */
import { DASHBOARD_UIDS } from './dashboard.ts';
import type { Panel } from './panel.ts';

const TOPICS: Readonly<Record<keyof typeof TITLES, readonly string[]>> = {
  performance: [
    ...['rollback-share', 'deadlocks', 'transactions', 'active-sessions'],
    ...['cache-hit', 'temp-bytes'],
  ],
  connections: [
    ...['connections-used', 'blocked-sessions', 'longest-lock-wait', 'longest-transaction'],
    ...['idle-in-transaction-age', 'connections-by-state'],
  ],
  replication: ['role', 'replication-lag'],
  wal: ['wal-rate', 'checkpoints', 'archive-age'],
  vacuum: ['wraparound', 'autovacuum-workers', 'dead-rows'],
  tables: ['database-size'],
  host: ['disk-free'],
};

const TITLES = {
  performance: '02-Performance',
  connections: '03-Connections',
  replication: '05-Replication',
  wal: '08-WAL-Checkpoints',
  vacuum: '09-Vacuum',
  tables: '06-Tables-Indexes',
  host: '10-Host',
} as const;

/** The panels, each with a link to its topic; variables and time are kept. Panels of no topic, and those with links, stay as they are. */
export function withTopicLinks(panels: readonly Panel[]): readonly Panel[] {
  return panels.map((panel) => {
    const topic = (Object.keys(TITLES) as (keyof typeof TITLES)[]).find((one) =>
      TOPICS[one].includes(panel.id),
    );
    if (topic === undefined || panel.links !== undefined) return panel;
    return { ...panel, links: [{ title: TITLES[topic], dashboard: DASHBOARD_UIDS[topic], variables: {} }] };
  });
}
