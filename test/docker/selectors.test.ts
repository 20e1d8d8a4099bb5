/**
 * Every selector of every rule and of every dashboard against the real exporters' series, for PostgreSQL 13 to 18, on a busy primary, its replica
 * and an empty server: it is there, or it is absent by design; and healthy servers give no rule a reason to fire.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildRuleGroups } from '../../src/render/rules.ts';
import { parseExpression, selectorsOf } from '../../src/verify/promql/expression.ts';
import {
  ABSENT_BY_DESIGN,
  ABSENT_STACK,
  EITHER_WAY,
  PROVOKED,
  PROVOKED_LATER,
} from '../support/absent-by-design.ts';
import { ABSENT_PANEL_SERIES } from '../support/absent-panel-series.ts';
import { daemonMissing } from '../support/daemon.ts';
import { labelUses } from '../support/grouping-labels.ts';
import { panelExpressions } from '../support/panel-expressions.ts';
import {
  findAbsentLabels,
  findAbsentMatcherLabels,
  findAbsentSelectors,
  findUnshownLabels,
  panelSelectors,
} from '../support/panel-series.ts';
import { olderVersionsMissing } from '../support/postgres-versions.ts';
import { startVersionWorld, type VersionWorld } from '../support/version-world.ts';

const missing = daemonMissing ?? (await olderVersionsMissing());
/** Longer than the five minutes for which what was only once is still found. */
const SETTLE_MS = 330_000;
/** About one server; everything else is about the stack and its machine. */
const SERVER_SELECTOR = /^(pg_|pgmon_|\w+:pg(mon)?_|scrape_duration_seconds|up\{job="postgresql)/;

interface Series {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [number, string];
}

describe.skipIf(missing !== null)(`rules on real servers${missing ?? ''}`, () => {
  let world: VersionWorld | undefined;
  const theWorld = (): VersionWorld => {
    if (world === undefined) throw new Error('the servers did not start');
    return world;
  };
  beforeAll(async () => {
    world = await startVersionWorld();
  }, 400_000);
  afterAll(async () => world?.remove());

  const api = async (path: string, body?: URLSearchParams): Promise<unknown> => {
    const response = await fetch(
      `${theWorld().prometheusUrl}/api/v1/${path}`,
      body === undefined ? {} : { method: 'POST', body },
    );
    const answer = (await response.json()) as { readonly data?: unknown; readonly error?: string };
    if (answer.error !== undefined) throw new Error(`${path}: ${answer.error}: ${body?.get('query') ?? ''}`);
    return answer.data;
  };
  const query = async (expr: string): Promise<readonly Series[]> =>
    ((await api('query', new URLSearchParams({ query: expr }))) as { readonly result: readonly Series[] })
      .result;
  /** Series of the last minutes, by selector. */
  const seriesOf = async (selectors: readonly string[]) =>
    new Map(
      await Promise.all(
        selectors.map(async (text) => [text, await query(`last_over_time(${text}[5m])`)] as const),
      ),
    );
  const groups = () => buildRuleGroups(theWorld().stack.stack);
  const alerts = () => groups().flatMap((group) => group.alerts);
  const expressions = () =>
    [...groups().flatMap(({ recordings }) => recordings), ...alerts()].map(({ expr }) => expr);
  const selectors = () => [
    ...new Set(expressions().flatMap((expr) => selectorsOf(parseExpression(expr)).map(({ text }) => text))),
  ];
  /** Until nothing is wrong, or time is up: slow scrapes and rules on top of rules take their rounds. */
  const settled = async (look: () => Promise<readonly string[]>): Promise<readonly string[]> => {
    const endMs = Date.now() + SETTLE_MS;
    for (;;) {
      const wrong = await look();
      if (wrong.length === 0 || Date.now() > endMs) return wrong;
      await sleep(3000);
    }
  };

  it('every selector about a server has series there, or is absent by design', {
    timeout: 450_000,
  }, async () => {
    const wanted = selectors().filter((text) => SERVER_SELECTOR.test(text));
    expect(wanted.length).toBeGreaterThan(50);
    const look = async () => {
      const found = await seriesOf(wanted);
      return wanted
        .filter((text) => !EITHER_WAY.some((pattern) => pattern.test(text)))
        .flatMap((text) =>
          theWorld().servers.flatMap((server) => {
            const isThere = (found.get(text) ?? []).some(({ metric }) => metric.instance === server.name);
            const design = ABSENT_BY_DESIGN.find(({ selector, on }) => selector.test(text) && on(server));
            if (isThere && design !== undefined)
              return [`${text} on ${server.name}: there, though ${design.reason}`];
            return isThere || design !== undefined ? [] : [`${text} on ${server.name}: absent`];
          }),
        );
    };
    expect(await settled(look)).toEqual([]);
  });

  it('every selector about the stack has series', { timeout: 450_000 }, async () => {
    const wanted = selectors().filter(
      (text) => !SERVER_SELECTOR.test(text) && !ABSENT_STACK.some(([pattern]) => pattern.test(text)),
    );
    expect(wanted.length).toBeGreaterThan(30);
    const look = async () => {
      const found = await seriesOf(wanted);
      return wanted.filter((text) => (found.get(text) ?? []).length === 0);
    };
    expect(await settled(look)).toEqual([]);
  });

  it('every exception is of use', () => {
    const texts = selectors();
    const patterns = [
      ...ABSENT_BY_DESIGN.map(({ selector }) => selector),
      ...EITHER_WAY,
      ...ABSENT_STACK.map(([one]) => one),
    ];
    expect(patterns.filter((pattern) => !texts.some((text) => pattern.test(text)))).toEqual([]);
  });

  it('every label that rules group or match by is on the series', { timeout: 450_000 }, async () => {
    expect(expressions().flatMap(labelUses).length).toBeGreaterThan(150);
    const wanted = expressions().map((expr) => ({ where: 'rules', expr }));
    expect(await settled(() => findAbsentLabels(query, wanted))).toEqual([]);
  });

  it('every selector of the dashboards has series on some server, or is absent by design', {
    timeout: 450_000,
  }, async () => {
    expect(panelSelectors().length).toBeGreaterThan(150);
    expect(await settled(() => findAbsentSelectors(query, ABSENT_PANEL_SERIES))).toEqual([]);
    const unused = ABSENT_PANEL_SERIES.filter(
      ({ selector }) => !panelSelectors().some((text) => selector.test(text)),
    );
    expect(unused).toEqual([]);
  });

  it('every label that the dashboards select, group, match or show is on the series', {
    timeout: 450_000,
  }, async () => {
    expect(await settled(() => findAbsentMatcherLabels(query))).toEqual([]);
    expect(await settled(() => findAbsentLabels(query, panelExpressions()))).toEqual([]);
    for (const server of ['pg18-primary', 'pg18-replica', 'pg14-primary'])
      expect(await settled(() => findUnshownLabels(query, server))).toEqual([]);
  });

  it('every collector and every query works, but where pg_stat_statements is not loaded', {
    timeout: 450_000,
  }, async () => {
    const look = async () => {
      const failed = await query('pg_scrape_collector_success == 0 or pgmon_sql_query_success == 0');
      return failed
        .map(({ metric }) => `${metric.instance} ${metric.collector ?? metric.query}`)
        .filter((text) => !/-empty stat_statements$/.test(text));
    };
    expect(await settled(look)).toEqual([]);
  });

  it('every rule is evaluated without an error and without NaN', { timeout: 450_000 }, async () => {
    const { groups: running } = (await api('rules')) as {
      readonly groups: readonly {
        readonly rules: readonly {
          readonly name: string;
          readonly health: string;
          readonly lastError?: string;
        }[];
      }[];
    };
    const rules = running.flatMap((group) => group.rules);
    expect(rules).toHaveLength(expressions().length);
    expect(rules.filter(({ lastError = '' }) => lastError !== '')).toEqual([]);
    const results = await Promise.all(
      alerts().map(async ({ alert, expr }) => ({ alert, series: await query(expr) })),
    );
    const odd = results.filter(({ series }) => series.some(({ value }) => value[1] === 'NaN'));
    expect(odd.map(({ alert }) => alert)).toEqual([]);
  });

  it('no alert has a reason to fire but those that were given one', { timeout: 450_000 }, async () => {
    const look = async () => {
      const results = await Promise.all(
        alerts().map(async ({ alert, expr }) => ({ alert, series: await query(expr) })),
      );
      return theWorld().servers.flatMap(({ name, kind }) => {
        const seen = results
          .filter(
            ({ alert, series }) =>
              !PROVOKED_LATER.includes(alert) && series.some(({ metric }) => metric.instance === name),
          )
          .map(({ alert }) => alert)
          .sort();
        const wanted = [...PROVOKED[kind]].sort();
        return seen.join() === wanted.join()
          ? []
          : [`${name}: ${seen.join(', ')} instead of ${wanted.join(', ')}`];
      });
    };
    expect(await settled(look)).toEqual([]);
    const firing = await query('ALERTS{alertstate="firing", alertname=~"PostgreSQL.*"}');
    const early = [...PROVOKED_LATER, ...Object.values(PROVOKED).flat()];
    expect(firing.filter(({ metric }) => !early.includes(metric.alertname ?? ''))).toEqual([]);
  });
});
