/** How often the samples of a query's metrics come, as far as the catalogue knows. */
import { COMPONENTS } from '../../src/catalog/components.ts';
import type { PanelQuery } from '../../src/catalog/dashboards/panel.ts';
import { sourceOf } from '../../src/catalog/metrics/all-metrics.ts';
import { SQL_QUERIES } from '../../src/catalog/sql-queries/all-queries.ts';
import { JOBS } from '../../src/conventions.ts';
import { findSelectors } from './promql-selectors.ts';

/** Of the jobs that ask seldom. */
const SLOW_SECONDS = 60;

/** Null: at the stack's scrape interval. Undefined: made by a recording rule, or unknown. */
function secondsOf(metric: string): 60 | 300 | null | undefined {
  const source = sourceOf(metric, COMPONENTS['postgres-exporter'].version);
  if (source === null) return undefined;
  if (source.job === JOBS.postgresqlSlow) return SLOW_SECONDS;
  if (source.job !== JOBS.postgresqlSql) return null;
  const query = SQL_QUERIES.find(({ metrics }) => metrics.some(({ name }) => name === metric));
  return query?.intervalSeconds === 300 ? 300 : SLOW_SECONDS;
}

function slowest(metrics: readonly string[]): 60 | 300 | null | undefined {
  const times = metrics.map(secondsOf);
  return ([300, 60, null] as const).find((seconds) => times.includes(seconds));
}

const ANY = [null, 60, 300] as const;

/**
 * What `everySeconds` of the query may be, null for "not set". Where it has a `$__rate_interval`, the metrics inside decide, and
 * the others may; with a recording rule, which holds its value between evaluations, nothing has to.
 */
export function allowedSeconds({ expr }: Pick<PanelQuery, 'expr'>): readonly (60 | 300 | null)[] {
  const all = findSelectors(expr);
  const rated = all.filter(({ range }) => range === '$__rate_interval');
  const metricsOf = (some: typeof all) => some.map(({ metric }) => metric ?? '');
  if (rated.length === 0 && metricsOf(all).some((metric) => secondsOf(metric) === undefined)) return ANY;
  const times = [slowest(metricsOf(rated)), slowest(metricsOf(all))];
  const found = times.filter((seconds) => seconds !== undefined);
  return found.length === 0 ? ANY : found.slice(0, rated.length === 0 ? 1 : 2);
}
