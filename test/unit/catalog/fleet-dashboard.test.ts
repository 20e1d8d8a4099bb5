/** The fleet's dashboard must stay fast at a thousand servers: no query of it may read the series of all their databases. */
import { describe, expect, it } from 'vitest';
import { FLEET_DASHBOARD } from '../../../src/catalog/dashboards/fleet.ts';
import { interpolate } from '../../../src/catalog/dashboards/interpolate.ts';
import { OF_FLEET } from '../../../src/catalog/dashboards/panels/scopes.ts';
import { RECORDING_GROUPS } from '../../../src/catalog/recordings/all-recordings.ts';
import { parseExpression, selectorsOf } from '../../../src/verify/promql/expression.ts';

const RECORDS = RECORDING_GROUPS.flatMap(({ rules }) => rules.map(({ record }) => record));
/** A handful of series, however many servers there are. */
const FEW = ['ALERTS', 'prometheus_rule_group_rules'];

const values = {
  chosen: { environment: ['prod'], instance: null },
  rangeSeconds: 21_600,
  stepSeconds: 60,
  scrapeIntervalSeconds: 60,
} as const;

const queries = FLEET_DASHBOARD.rows
  .flatMap(({ panels }) => panels)
  .flatMap(({ id, queries: ofPanel }) => ofPanel.map(({ expr }) => [id, expr] as const));

describe('the fleet dashboard', () => {
  it.each(queries)('%s rests on recording rules with one series for each server: %s', (_id, expr) => {
    const metrics = selectorsOf(parseExpression(interpolate(expr, values))).map(({ metric }) => metric ?? '');
    expect(metrics.length).toBeGreaterThan(0);
    const others = metrics.filter(
      (metric) => !FEW.includes(metric) && !(metric.startsWith('instance:') && RECORDS.includes(metric)),
    );
    expect(others).toEqual([]);
  });

  it.each(queries)('%s shows the chosen environments only: %s', (_id, expr) => {
    expect(expr).toContain(OF_FLEET);
  });
});
