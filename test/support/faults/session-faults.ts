/** Faults of connections, sessions and locks. */

import type pg from 'pg';
import type { PostgresServer } from '../postgres-versions.ts';
import type { Fault } from './fault.ts';

/** Ends all of them, whatever becomes of one. */
async function endAll(sessions: readonly pg.Client[]): Promise<void> {
  await Promise.allSettled(sessions.map((session) => session.end()));
}

async function countOf(server: PostgresServer, expression: string): Promise<number> {
  const [row] = await server.sql(`SELECT (${expression})::int AS count`);
  return Number(row?.count);
}

/** Opens sessions until the server has hardly room for one more. */
async function fillUp(server: PostgresServer): Promise<() => Promise<void>> {
  const usable = await countOf(
    server,
    "current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int",
  );
  const taken = await countOf(
    server,
    // The exporters' own come and go.
    "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND usename <> 'pgmon'",
  );
  // Two are left for the exporters: with none, the server is down as far as anybody can see.
  const sessions: pg.Client[] = [];
  for (let i = taken; i < usable - 2; i += 1) sessions.push(await server.connect());
  return () => endAll(sessions);
}

async function block(server: PostgresServer): Promise<() => Promise<void>> {
  await server.sql('CREATE TABLE IF NOT EXISTS blocked (id int)');
  const holder = await server.connect();
  await holder.query('BEGIN; LOCK TABLE blocked IN ACCESS EXCLUSIVE MODE');
  const waiters = await Promise.all(Array.from({ length: 7 }, () => server.connect()));
  for (const client of waiters) void client.query('SELECT count(*) FROM blocked').catch(() => undefined);
  return () => endAll([holder, ...waiters]);
}

async function openTransaction(server: PostgresServer, statement: string): Promise<() => Promise<void>> {
  const session = await server.connect();
  await session.query('BEGIN');
  void session.query(statement).catch(() => undefined);
  return async () => {
    // `end` waits for a statement that still runs.
    const pid = (session as pg.Client & { readonly processID: number }).processID;
    await server.sql(`SELECT pg_terminate_backend(${pid})`);
  };
}

export const SESSION_FAULTS: readonly Fault[] = [
  {
    what: 'sessions take nearly every connection',
    alert: 'PostgreSQLConnectionsExhausted',
    instance: 'full',
    lane: 'full',
    value: 80,
    provoke: ({ full }) => fillUp(full),
  },
  {
    what: 'a transaction runs for a long time',
    alert: 'PostgreSQLLongTransaction',
    instance: 'sessions',
    lane: 'sessions-long',
    value: 5,
    provoke: ({ sessions }) => openTransaction(sessions, 'SELECT pg_sleep(600)'),
  },
  {
    what: 'a session stays idle in its transaction',
    alert: 'PostgreSQLIdleInTransaction',
    instance: 'sessions',
    lane: 'sessions-idle',
    value: 5,
    provoke: ({ sessions }) => openTransaction(sessions, 'SELECT 1'),
  },
  {
    what: 'sessions wait for a lock that another one holds',
    alert: 'PostgreSQLBlockedSessions',
    instance: 'sessions',
    lane: 'sessions-blocked',
    provoke: ({ sessions }) => block(sessions),
  },
];
