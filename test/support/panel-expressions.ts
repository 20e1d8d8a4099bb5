/** Every expression of the dashboards as Prometheus takes it. */
import { DASHBOARDS } from '../../src/catalog/dashboards/all-dashboards.ts';
import type { Dashboard } from '../../src/catalog/dashboards/dashboard.ts';
import type { Panel } from '../../src/catalog/dashboards/panel.ts';
import { queryText } from '../../src/panels/check/ask-queries.ts';
import { asList, asText, at } from '../../src/verify/json.ts';
import { readDashboardTexts } from './dashboard-files.ts';

export interface PanelExpression {
  /** `01-overview/cache-hit-ratio`. */
  readonly where: string;
  readonly expr: string;
  readonly kind: 'query' | 'reason' | 'variable' | 'annotation';
  /** With its variables. */
  readonly written: string;
  /** Labels that the legend or a column shows, or a link passes on. */
  readonly shownLabels: readonly string[];
}

type Chosen = Parameters<typeof queryText>[1];

const ALL: Chosen = { environment: null, instance: null, database: null, host: null, queryid: null };
/** Samples of the version world come every four to eight seconds. */
const TIMES = { endSeconds: 0, rangeSeconds: 3600, scrapeIntervalSeconds: 15 };

const legendLabels = (legend: string) =>
  [...legend.matchAll(/\{\{\s*(\w+)\s*\}\}/g)].map(([, label = '']) => label);

function panelLabels(panel: Panel): readonly string[] {
  const columns = panel.kind === 'table' ? panel.columns : [];
  const links = [...(panel.links ?? []), ...columns.flatMap(({ link }) => link ?? [])];
  return [
    ...columns.map(({ label }) => label),
    ...links.flatMap(({ variables }) => Object.values(variables)),
  ];
}

/** `server` where the dashboard is about one. */
function chosenFor({ variables }: Dashboard, server: string | null): Chosen {
  const isOne = variables.some(({ name, isMulti }) => name === 'instance' && !isMulti);
  return server !== null && isOne ? { ...ALL, instance: [server] } : ALL;
}

function ofPanel(dashboard: Dashboard, panel: Panel, server: string | null): readonly PanelExpression[] {
  const where = `${dashboard.slug}/${panel.id}`;
  const chosen = chosenFor(dashboard, server);
  const common = panelLabels(panel);
  return [
    ...panel.queries.map((query) => ({
      where,
      kind: 'query' as const,
      written: query.expr,
      expr: queryText(query, chosen, TIMES),
      shownLabels: [...new Set([...legendLabels(query.legend), ...common])],
    })),
    ...panel.emptyWhen.map(({ reason, holds }) => ({
      where: `${where} (${reason})`,
      kind: 'reason' as const,
      written: holds,
      expr: queryText({ expr: holds }, chosen, TIMES),
      shownLabels: [],
    })),
  ];
}

function annotations(): readonly PanelExpression[] {
  return readDashboardTexts().flatMap(({ name, text }) =>
    asList(at(JSON.parse(text), 'annotations', 'list')).flatMap((one) => {
      const expr = asText(at(one, 'expr'));
      if (expr === '') return [];
      return [
        {
          where: `${name} annotation ${asText(at(one, 'name'))}`,
          kind: 'annotation',
          written: expr,
          expr: queryText({ expr, everySeconds: 60 }, ALL, TIMES),
          shownLabels: [],
        },
      ];
    }),
  );
}

/** Of panels, of their reasons to be empty, of variables and of annotations; `server` in the place of "All" where one is to be chosen. */
export function panelExpressions(server: string | null = null): readonly PanelExpression[] {
  const own = DASHBOARDS.flatMap((dashboard) => [
    ...dashboard.variables.map(({ name, series, valueLabel }) => ({
      where: `${dashboard.slug}/$${name}`,
      kind: 'variable' as const,
      written: series,
      expr: queryText({ expr: series }, ALL, TIMES),
      shownLabels: [valueLabel],
    })),
    ...dashboard.rows.flatMap((row) => row.panels.flatMap((panel) => ofPanel(dashboard, panel, server))),
  ]);
  return [...own, ...annotations()];
}
