/** Faults of transactions: deadlocks, rollbacks, a cold cache, temporary files. */

import type { PostgresServer } from '../postgres-versions.ts';
import type { Fault } from './fault.ts';

const seconds = (count: number) => new Promise((resolve) => void setTimeout(resolve, count * 1000));

/** Two sessions that take two rows in opposite order; one of them is chosen as the victim. */
async function deadlock(server: PostgresServer): Promise<void> {
  const [a, b] = [await server.connect(), await server.connect()];
  try {
    await a.query('BEGIN; UPDATE pair SET n = n + 1 WHERE id = 1');
    await b.query('BEGIN; UPDATE pair SET n = n + 1 WHERE id = 2');
    await Promise.allSettled([
      a.query('UPDATE pair SET n = n + 1 WHERE id = 2'),
      b.query('UPDATE pair SET n = n + 1 WHERE id = 1'),
    ]);
  } finally {
    await Promise.allSettled([a.end(), b.end()]);
  }
}

async function deadlocks(server: PostgresServer): Promise<void> {
  await server.sql('CREATE TABLE IF NOT EXISTS pair (id int PRIMARY KEY, n int)');
  await server.sql('INSERT INTO pair VALUES (1, 0), (2, 0) ON CONFLICT DO NOTHING');
  for (let i = 0; i < 10; i += 1) {
    await deadlock(server);
    // Over some scrapes: an increase needs a sample before it.
    await seconds(0.5);
  }
}

/** Runs a statement again and again until it is told to stop. */
async function repeat(server: PostgresServer, statement: string): Promise<() => Promise<void>> {
  const session = await server.connect();
  let isOver = false;
  const loop = (async () => {
    while (!isOver) await session.query(statement);
  })();
  return async () => {
    isOver = true;
    await loop;
    await session.end();
  };
}

export const TRAFFIC_FAULTS: readonly Fault[] = [
  {
    what: 'ten deadlocks in a few seconds',
    alert: 'PostgreSQLFrequentDeadlocks',
    instance: 'traffic',
    lane: 'traffic-deadlocks',
    provoke: async ({ traffic }) => {
      await deadlocks(traffic);
      return async () => undefined;
    },
  },
  {
    what: 'most transactions are rolled back',
    // A session tells its counts only when it has touched a table.
    alert: 'PostgreSQLHighRollbackRate',
    instance: 'traffic',
    lane: 'traffic-rollbacks',
    provoke: async ({ traffic }) => repeat(traffic, 'BEGIN; SELECT count(*) FROM pg_class; ROLLBACK'),
  },
  {
    what: 'sorts spill to disk all the time',
    alert: 'PostgreSQLTempFiles',
    instance: 'traffic',
    lane: 'traffic-temp',
    value: 1024 * 1024,
    provoke: async ({ traffic }) =>
      repeat(
        traffic,
        "SET work_mem = '64kB'; SELECT count(*) FROM (SELECT g FROM generate_series(1, 2000000) g ORDER BY g DESC) s",
      ),
  },
  {
    what: 'reads miss the cache',
    alert: 'PostgreSQLLowCacheHitRatio',
    instance: 'cold',
    lane: 'cold',
    provoke: async ({ cold }) => {
      await cold.sql(
        "CREATE TABLE wide AS SELECT g, repeat('x', 500) AS filler FROM generate_series(1, 200000) g",
      );
      return repeat(cold, 'SELECT count(*) FROM wide');
    },
  },
];
