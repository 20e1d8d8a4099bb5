/** Work on the servers of a version world that dashboards are to show: transactions, sorts on disk, writes, reads of replicas. */

import { setTimeout as sleep } from 'node:timers/promises';
import type { WatchedServer } from './version-world.ts';

const ROUND_MS = 1500;
const REPLICATED_MS = 90_000;

const SHOP_SQL = [
  'CREATE TABLE orders (id serial PRIMARY KEY, note text)',
  `INSERT INTO orders (note) SELECT repeat('y', 50) FROM generate_series(1, 30000)`,
  'CREATE INDEX orders_note ON orders (note)',
  'ANALYZE orders',
  'DELETE FROM orders WHERE id % 3 = 0',
];

const PRIMARY_ROUND = [
  // Does not fit into work_mem and goes to a temporary file.
  `SET work_mem = '64kB'; SELECT count(*) FROM (SELECT g FROM generate_series(1, 60000) g ORDER BY g DESC) s`,
  `UPDATE orders SET note = note || '' WHERE id % 100 = 1`,
  `INSERT INTO orders (note) VALUES ('z'); SELECT count(*) FROM orders WHERE id = 7`,
  'BEGIN; INSERT INTO orders (note) VALUES (NULL); ROLLBACK',
  'SELECT pg_switch_wal()',
] as const;

const REPLICA_ROUND = ['SELECT count(*) FROM orders', 'SELECT count(*) FROM orders WHERE id = 7'] as const;

/** pgbench, and every session of this file, end with their connections. */
const END_SESSIONS = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'shop'`;

async function prepare({ server, version }: WatchedServer): Promise<void> {
  await server.sql('CREATE DATABASE shop');
  for (const statement of SHOP_SQL) await server.sql(statement, { database: 'shop' });
  // On one version only: both panels that need it and their reason are seen.
  if (version >= 18) {
    await server.sql('ALTER SYSTEM SET track_io_timing = on');
    await server.sql('SELECT pg_reload_conf()');
  }
  await server.sql('CREATE ROLE limited LOGIN CONNECTION LIMIT 5');
  const { code, output } = await server.exec(['pgbench', '-i', '-s', '1', '-q', 'shop']);
  if (code !== 0) throw new Error(`pgbench failed on ${server.name}: ${output}`);
}

/** Again and again a vacuum that takes minutes, so that one is always seen at work. */
async function vacuum({ server }: WatchedServer, isStopped: () => boolean): Promise<void> {
  const client = await server.connect({ database: 'shop' });
  await client.query('SET vacuum_cost_delay = 100; SET vacuum_cost_limit = 1');
  // Fails when the servers go; a closed session fails at once, and must not keep Node from all else.
  while (!isStopped())
    await client.query('VACUUM (DISABLE_PAGE_SKIPPING) pgbench_accounts').catch(() => sleep(200));
}

/** A replica takes a moment to have what its primary just made. */
async function untilReplicated({ server }: WatchedServer): Promise<void> {
  const endMs = Date.now() + REPLICATED_MS;
  const question = `SELECT FROM pg_class WHERE relname = 'orders_note'`;
  for (;;) {
    const rows = await server.sql(question, { database: 'shop' }).catch(() => []);
    if (rows.length > 0) return;
    if (Date.now() > endMs) throw new Error(`${server.name} has not got the table in ${REPLICATED_MS} ms`);
    await sleep(200);
  }
}

/** Resolves when every server is at work; `stop` ends it. */
export async function startLoad(
  servers: readonly WatchedServer[],
): Promise<{ readonly stop: () => Promise<void> }> {
  const primaries = servers.filter(({ kind }) => kind === 'primary');
  await Promise.all(primaries.map(prepare));
  await Promise.all(servers.filter(({ kind }) => kind === 'replica').map(untilReplicated));
  let isStopped = false;
  const work = servers
    .filter(({ kind }) => kind !== 'empty')
    .map(async ({ kind, server }) => {
      const client = await server.connect({ database: 'shop' });
      const round = kind === 'primary' ? PRIMARY_ROUND : REPLICA_ROUND;
      while (!isStopped) {
        for (const statement of round) await client.query(statement);
        await sleep(ROUND_MS);
      }
    });
  const vacuums = primaries.map((primary) => vacuum(primary, () => isStopped));
  const bench = primaries.map(({ server }) =>
    server.exec(['pgbench', '-n', '-c', '2', '-R', '20', '-T', '600', 'shop']),
  );
  // Here, so that sessions which `stop` ends are no unhandled errors.
  const ended = Promise.allSettled([...work, ...vacuums, ...bench]);
  return {
    stop: async () => {
      isStopped = true;
      await Promise.allSettled(servers.map(({ server }) => server.sql(END_SESSIONS)));
      await ended;
    },
  };
}
