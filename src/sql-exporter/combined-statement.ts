/** Several queries as one statement, so that a server is asked once; and its rows taken apart again. */
import type { SqlQuery } from '../catalog/sql-queries/sql-query.ts';

export type Row = Readonly<Record<string, unknown>>;

/** Every row is the number of its query and the query's own row as JSON. The line break ends a comment of the query's. */
export function combinedStatement(queries: readonly Pick<SqlQuery, 'sql'>[]): string {
  return queries
    .map(({ sql }, part) => `SELECT ${part} AS part, row_to_json(q)::text AS content FROM (\n${sql}\n) AS q`)
    .join('\nUNION ALL\n');
}

/** Rows of each query, in the order of the queries. */
export function splitRows(count: number, rows: readonly Row[]): readonly (readonly Row[])[] {
  const parts: Row[][] = Array.from({ length: count }, () => []);
  for (const { part, content } of rows) parts[Number(part)]?.push(JSON.parse(String(content)) as Row);
  return parts;
}
