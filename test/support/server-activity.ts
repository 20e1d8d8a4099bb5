/** Sessions that do something for as long as a test wants: one that waits for another, and a vacuum that takes its time. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { PostgresServer } from './postgres-versions.ts';

export interface Activity {
  /** Process that holds the lock, or vacuums. */
  readonly pid: number;
  readonly stop: () => Promise<void>;
}

const START_MS = 60_000;

/** Resolves as soon as the question has a row. */
export async function until(server: PostgresServer, question: string): Promise<void> {
  const endMs = Date.now() + START_MS;
  while ((await server.sql(question)).length === 0) {
    if (Date.now() > endMs) throw new Error(`${server.name}: no row within ${START_MS} ms: ${question}`);
    await sleep(50);
  }
}

/** One session locks the table, another one wants to read it; resolves when it waits. */
export async function blockSession(server: PostgresServer, table: string): Promise<Activity> {
  const holder = await server.connect();
  const { rows } = await holder.query<{ pid: number }>(`SELECT pg_backend_pid() AS pid`);
  await holder.query(`BEGIN; LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`);
  const waiter = await server.connect();
  const waiting = waiter.query(`SELECT count(*) FROM ${table}`);
  await until(server, `SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock'`);
  return {
    pid: rows[0]?.pid ?? 0,
    stop: async () => {
      await holder.query('ROLLBACK');
      await waiting;
    },
  };
}

/** A new table of that name, and a vacuum that reads one of its pages each tenth of a second; resolves when it reads. */
export async function vacuumSlowly(server: PostgresServer, table: string): Promise<Activity> {
  await server.sql(
    `CREATE TABLE ${table} AS SELECT repeat('x', 2000) AS filler FROM generate_series(1, 1000)`,
  );
  const client = await server.connect();
  const { rows } = await client.query<{ pid: number }>(`SELECT pg_backend_pid() AS pid`);
  await client.query('SET vacuum_cost_delay = 100; SET vacuum_cost_limit = 1');
  const vacuum = client.query(`VACUUM ${table}`).catch(() => undefined);
  await until(server, 'SELECT FROM pg_stat_progress_vacuum WHERE heap_blks_scanned > 0');
  const pid = rows[0]?.pid ?? 0;
  return {
    pid,
    stop: async () => {
      await server.sql(`SELECT pg_cancel_backend(${pid})`);
      await vacuum;
    },
  };
}

/** Ends a session of its own, as an administrator would. */
export async function killSession(server: PostgresServer): Promise<void> {
  const victim = await server.connect();
  const { rows } = await victim.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  await server.sql(`SELECT pg_terminate_backend(${rows[0]?.pid})`);
  await until(server, `SELECT WHERE NOT EXISTS (SELECT FROM pg_stat_activity WHERE pid = ${rows[0]?.pid})`);
}
