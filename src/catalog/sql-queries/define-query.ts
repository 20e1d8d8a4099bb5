/** Fills in what most queries leave open. */
import type { SqlMetric, SqlQuery } from './sql-query.ts';

type Optional = 'intervalSeconds' | 'labels' | 'minVersion' | 'maxVersion' | 'role';
type QueryInput = Omit<SqlQuery, Optional> & Partial<Pick<SqlQuery, Optional>>;

const INTERVAL_SECONDS = { server: 60, database: 300 } as const;

/** A query for every version and role, every minute (server) or every five minutes (database), unless it says otherwise. */
export function defineQuery(input: QueryInput): SqlQuery {
  return {
    intervalSeconds: INTERVAL_SECONDS[input.scope],
    labels: [],
    minVersion: null,
    maxVersion: null,
    role: null,
    ...input,
  };
}

export function gauge(name: string, help: string): SqlMetric {
  return { name, help, type: 'gauge' };
}

export function counter(name: string, help: string): SqlMetric {
  return { name, help, type: 'counter' };
}
