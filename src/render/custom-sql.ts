/** The user's own metrics as queries of the SQL exporter. */

import type { ExporterQuery } from '../stack/sql-exporter-config.ts';
import { sqlIdentifier } from '../stack/sql-text.ts';
import type { CustomMetric } from '../stack/stack.ts';

/** Without what ends a statement: as a subquery it has no end of its own. */
function withoutSemicolons(sql: string): string {
  return sql.trim().replace(/[;\s]+$/, '');
}

/**
 * The user's SELECT as a subquery from which only the named columns are taken. It cannot be more than one statement: the
 * exporter sends it through a protocol that takes one, inside a read-only session.
 */
export function customQuery(metric: CustomMetric): ExporterQuery {
  const labels = metric.labels.map((label) => `q.${sqlIdentifier(label)}`);
  const value = `q.${sqlIdentifier(metric.value)} AS ${sqlIdentifier(metric.name)}`;
  return {
    name: metric.name,
    scope: 'server',
    intervalSeconds: metric.intervalSeconds,
    sql: `SELECT ${[...labels, value].join(', ')}\nFROM (\n${withoutSemicolons(metric.query)}\n) AS q`,
    labels: metric.labels,
    metrics: [{ name: metric.name, help: metric.help, type: metric.type }],
    minVersion: metric.minVersion,
    maxVersion: null,
    role: null,
    servers: metric.servers,
    runsAlone: true,
  };
}
