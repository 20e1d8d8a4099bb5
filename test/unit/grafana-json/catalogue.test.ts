/** What every panel of the catalogue keeps to. */
import { describe, expect, it } from 'vitest';
import { ALERT_NAMES } from '../../../src/catalog/alerts/every-alert.ts';
import { COMPONENTS } from '../../../src/catalog/components.ts';
import { DASHBOARDS } from '../../../src/catalog/dashboards/all-dashboards.ts';
import type { Dashboard } from '../../../src/catalog/dashboards/dashboard.ts';
import type { Panel, PanelLink } from '../../../src/catalog/dashboards/panel.ts';
import { sourceOf } from '../../../src/catalog/metrics/all-metrics.ts';
import { readDashboards } from '../../support/dashboard-files.ts';
import { findSelectors } from '../../support/promql-selectors.ts';
import { allowedSeconds } from '../../support/sample-times.ts';

const PANELS = DASHBOARDS.flatMap((dashboard) =>
  dashboard.rows.flatMap(({ panels }) => panels.map((panel) => ({ dashboard, panel }))),
);
const nameOf = ({ dashboard, panel }: { dashboard: Dashboard; panel: Panel }) =>
  `${dashboard.slug}/${panel.id}`;

function twice(values: readonly (string | number)[]): readonly (string | number)[] {
  return values.filter((value, i) => values.indexOf(value) < i);
}

/** Panels that `isWrong`, by name. */
function wrong(isWrong: (panel: Panel, dashboard: Dashboard) => boolean): readonly string[] {
  return PANELS.filter(({ panel, dashboard }) => isWrong(panel, dashboard)).map(nameOf);
}

describe('every dashboard', () => {
  it('has a uid, a title and a file name of its own', () => {
    expect(twice(DASHBOARDS.map(({ uid }) => uid))).toEqual([]);
    expect(twice(DASHBOARDS.map(({ title }) => title))).toEqual([]);
    expect(twice(DASHBOARDS.map(({ slug }) => slug))).toEqual([]);
    expect(DASHBOARDS.filter(({ uid }) => !/^[a-z0-9-]{1,40}$/.test(uid))).toEqual([]);
  });

  it('is named by its number, in order', () => {
    const numbers = DASHBOARDS.map(({ slug }) => slug.slice(0, 2));
    expect(numbers).toEqual(numbers.toSorted());
    expect(DASHBOARDS.filter(({ slug, title }) => title.toLowerCase() !== slug)).toEqual([]);
  });

  it('asks a question in one sentence', () => {
    expect(DASHBOARDS.filter(({ question }) => !/^[A-Z].*[.?]$/.test(question))).toEqual([]);
  });

  it.each(DASHBOARDS)('$title names each panel and each row once', ({ rows }) => {
    expect(twice(rows.flatMap(({ panels }) => panels.map(({ id }) => id)))).toEqual([]);
    expect(twice(rows.map(({ title }) => title))).toEqual([]);
    expect(rows.filter(({ panels }) => panels.length === 0)).toEqual([]);
  });

  it.each(readDashboards())('$title has a number of its own for each panel', ({ panels }) => {
    expect(twice(panels.map(({ id }) => id))).toEqual([]);
  });

  it.each(DASHBOARDS)('$title uses variables that it has, and has none without a use', (dashboard) => {
    const names = dashboard.variables.map(({ name }) => name);
    const texts = [
      ...dashboard.variables.map(({ series }) => series),
      ...dashboard.rows.flatMap(({ panels }) =>
        panels.flatMap(({ queries }) => queries.map(({ expr }) => expr)),
      ),
      ...dashboard.rows.flatMap(({ panels }) =>
        panels.flatMap(({ emptyWhen }) => emptyWhen.map(({ holds }) => holds)),
      ),
    ];
    const used = texts.flatMap((text) =>
      [...text.matchAll(/\$\{?([a-z]\w*)/g)].map((match) => match[1] ?? ''),
    );
    expect(used.filter((name) => !names.some((one) => one === name))).toEqual([]);
    expect(names.filter((name) => !used.includes(name))).toEqual([]);
  });
});

describe('every event over the charts', () => {
  const exprs = readDashboards().flatMap(({ annotations }) =>
    annotations.list.flatMap(({ target }) => (target?.expr === undefined ? [] : [target.expr])),
  );

  it('asks for metrics that something in a stack gives', () => {
    const metrics = [...new Set(exprs.flatMap(findSelectors).map(({ metric }) => metric ?? ''))];
    expect(metrics.length).toBeGreaterThan(3);
    expect(
      metrics.filter((metric) => sourceOf(metric, COMPONENTS['postgres-exporter'].version) === null),
    ).toEqual([]);
  });
});

describe('every panel', () => {
  it('has a title that names what it counts in, and says what it shows, what is normal and what to do', () => {
    expect(wrong(({ title }) => !/^([A-Z]|pg_).*\(.+\)$/.test(title))).toEqual([]);
    const isSentence = (one: string) => /^\S.*[.?!)`]$/s.test(one);
    expect(wrong(({ text }) => !isSentence(text.shows) || !isSentence(text.action))).toEqual([]);
    // May be the value itself.
    expect(wrong(({ text }) => text.normal.trim() === '')).toEqual([]);
    expect(wrong(({ id }) => !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(id))).toEqual([]);
  });

  it('has a query, at most as many as there are letters', () => {
    expect(wrong(({ queries }) => queries.length === 0 || queries.length > 26)).toEqual([]);
  });

  it('names an alert that exists', () => {
    expect(wrong(({ alert }) => alert !== undefined && !ALERT_NAMES.includes(alert))).toEqual([]);
  });

  it('says how often its metrics come when that is seldom, and only then', () => {
    const found = PANELS.flatMap((one) =>
      one.panel.queries.flatMap((query) => {
        const allowed = allowedSeconds(query);
        return allowed.includes(query.everySeconds ?? null)
          ? []
          : [
              `${nameOf(one)}: ${query.everySeconds ?? 'not set'}, not ${allowed.join(' or ')}: ${query.expr}`,
            ];
      }),
    );
    expect(found).toEqual([]);
  });

  it('has a legend that names labels where a chart has many series, and no figure without a name', () => {
    expect(wrong(({ queries }) => queries.some(({ legend }) => legend === ''))).toEqual([]);
  });

  it('keeps to thresholds that do not fall', () => {
    const falls = ({ thresholds }: Pick<Panel, 'thresholds'>) => {
      const froms = (thresholds?.steps ?? []).map(({ from }) => from);
      const [first, ...rest] = froms;
      return (
        froms.length > 0 &&
        (first !== null || rest.some((from, i) => from === null || from < (rest[i - 1] ?? -Infinity)))
      );
    };
    expect(wrong((panel) => falls(panel) || panel.queries.some(falls))).toEqual([]);
  });

  it('has conditions for being empty that are PromQL, with one reason each', () => {
    const bad = PANELS.flatMap((one) =>
      one.panel.emptyWhen
        .filter(({ holds }) => {
          try {
            return findSelectors(holds).length === 0;
          } catch {
            return true;
          }
        })
        .map(({ reason }) => `${nameOf(one)}: ${reason}`),
    );
    expect(bad).toEqual([]);
    expect(wrong(({ emptyWhen }) => twice(emptyWhen.map(({ reason }) => reason)).length > 0)).toEqual([]);
  });
});

describe('every table', () => {
  const tables = PANELS.flatMap(({ dashboard, panel }) =>
    panel.kind === 'table' ? [{ name: `${dashboard.slug}/${panel.id}`, panel }] : [],
  );

  it('has columns with a name each, and rows sorted by one of them', () => {
    const headers = (panel: Panel & { kind: 'table' }) => [
      ...panel.columns.map(({ header }) => header),
      ...panel.queries.map(({ legend }) => legend),
    ];
    expect(tables.filter(({ panel }) => twice(headers(panel)).length > 0).map(({ name }) => name)).toEqual(
      [],
    );
    expect(tables.filter(({ panel }) => panel.columns.length === 0).map(({ name }) => name)).toEqual([]);
    const unsorted = tables.filter(({ panel }) => panel.queries[panel.sortBy] === undefined);
    expect(unsorted.map(({ name }) => name)).toEqual([]);
    expect(tables.filter(({ panel }) => headers(panel).some((one) => one.includes('{{')))).toEqual([]);
  });

  it('links with labels that it shows', () => {
    const found = tables.flatMap(({ name, panel }) => {
      const labels = panel.columns.map(({ label }) => label);
      const links = [...(panel.links ?? []), ...panel.columns.flatMap(({ link }) => (link ? [link] : []))];
      const used = links.flatMap(({ variables }) => Object.values(variables));
      return used.filter((label) => !labels.includes(label)).map((label) => `${name}: ${label}`);
    });
    expect(found).toEqual([]);
  });
});

describe('every link', () => {
  const links = PANELS.flatMap(({ dashboard, panel }) => {
    const ofColumns =
      panel.kind === 'table' ? panel.columns.flatMap(({ link }) => (link === undefined ? [] : [link])) : [];
    return [...(panel.links ?? []), ...ofColumns].map((link) => ({
      name: `${dashboard.slug}/${panel.id}`,
      link,
    }));
  });
  const targetOf = (link: PanelLink) => DASHBOARDS.find(({ uid }) => uid === link.dashboard);

  it('leads to a dashboard that exists, with variables that it has', () => {
    const lost = links.filter(({ link }) => {
      const names: readonly string[] = targetOf(link)?.variables.map(({ name }) => name) ?? [];
      return (
        targetOf(link) === undefined || Object.keys(link.variables).some((name) => !names.includes(name))
      );
    });
    expect(lost.map(({ name, link }) => `${name} -> ${link.dashboard}`)).toEqual([]);
  });

  it('leads from the fleet to a server, and from a server on', () => {
    const ways = links.map(({ name, link }) => `${name.split('/')[0]} -> ${link.dashboard}`);
    expect(ways).toContain('00-fleet -> pgmon-overview');
    expect(ways.filter((way) => way.startsWith('01-overview -> ')).length).toBeGreaterThan(0);
  });
});
