/** What the dashboards' expressions name and Prometheus does not have. */
import { parseExpression, selectorsOf } from '../../src/verify/promql/expression.ts';
import { readSelectorParts } from '../../src/verify/promql/selector.ts';
import { labelUses } from './grouping-labels.ts';
import { type PanelExpression, panelExpressions } from './panel-expressions.ts';

type Labels = Readonly<Record<string, string>>;
type Query = (expr: string) => Promise<readonly { readonly metric: Labels }[]>;

export interface Absence {
  /** Matches the selector with "All" for every variable. */
  readonly selector: RegExp;
  readonly reason: string;
}

/** Labels of the series of the last minutes. */
async function labelsOf(query: Query, selectors: readonly string[]) {
  const unique = [...new Set(selectors)];
  const pairs = await Promise.all(
    unique.map(async (text) => {
      const series = await query(`last_over_time(${text}[5m])`);
      return [text, series.map(({ metric }) => metric)] as const;
    }),
  );
  return new Map(pairs);
}

interface Used {
  readonly where: string;
  readonly text: string;
  readonly metric: string;
  readonly matched: readonly string[];
}

/** Each selector with the places that use it. */
function usedSelectors(): readonly Used[] {
  const places = new Map<string, string[]>();
  for (const { where, expr } of panelExpressions())
    for (const { text } of selectorsOf(parseExpression(expr)))
      places.set(text, [...(places.get(text) ?? []), where]);
  return [...places].map(([text, all]) => {
    const { metric, matchers } = readSelectorParts(text);
    const where = [...new Set(all)].join(', ');
    return { where, text, metric: metric ?? text, matched: matchers.map(({ label }) => label) };
  });
}

export const panelSelectors = (): readonly string[] => usedSelectors().map(({ text }) => text);

/** Selectors without series that no absence speaks of, and those with series that one does. */
export async function findAbsentSelectors(
  query: Query,
  absences: readonly Absence[],
): Promise<readonly string[]> {
  const used = usedSelectors();
  const series = await labelsOf(
    query,
    used.map(({ text }) => text),
  );
  return used.flatMap(({ text, where }) => {
    const isThere = (series.get(text) ?? []).length > 0;
    const absence = absences.find(({ selector }) => selector.test(text));
    if (isThere && absence !== undefined) return [`${text}: there, though ${absence.reason}`];
    return isThere || absence !== undefined ? [] : [`${text}: absent (${where})`];
  });
}

/** Labels that matchers ask for and no series of the metric has; metrics without series are not judged. */
export async function findAbsentMatcherLabels(query: Query): Promise<readonly string[]> {
  const used = usedSelectors();
  const series = await labelsOf(
    query,
    used.map(({ metric }) => metric),
  );
  return used.flatMap(({ metric, matched, text, where }) => {
    const all = series.get(metric) ?? [];
    const missing = matched.filter((label) => !all.some((labels) => label in labels));
    return all.length === 0 ? [] : missing.map((label) => `${label}: ${text} (${where})`);
  });
}

/** Labels that expressions group or match by and that no series of their selectors has; without series nothing is judged. */
export async function findAbsentLabels(
  query: Query,
  expressions: readonly { readonly where: string; readonly expr: string }[],
): Promise<readonly string[]> {
  const uses = expressions.flatMap(({ where, expr }) =>
    labelUses(expr).map((use) => ({ where, expr, ...use })),
  );
  const series = await labelsOf(
    query,
    uses.flatMap(({ selectors }) => selectors),
  );
  const of = (text: string) => series.get(text) ?? [];
  return uses
    .filter(
      ({ selectors, label }) =>
        selectors.some((text) => of(text).length > 0) &&
        !selectors.some((text) => of(text).some((labels) => label in labels)),
    )
    .map(({ label, expr, where }) => `${label}: ${expr} (${where})`);
}

async function missingFrom(query: Query, { expr, where, shownLabels }: PanelExpression) {
  const series = shownLabels.length === 0 ? [] : await query(expr);
  if (series.length === 0) return [];
  const missing = shownLabels.filter((label) => !series.some(({ metric }) => label in metric));
  return missing.map((label) => `${label} is not on what ${where} gives: ${expr}`);
}

/** Labels that a legend, a column or a link shows and the result of this server does not have; empty results are not judged. */
export async function findUnshownLabels(query: Query, server: string): Promise<readonly string[]> {
  const found = await Promise.all(panelExpressions(server).map((one) => missingFrom(query, one)));
  return found.flat();
}

/** Queries that give nothing on any of these servers: `05-replication/lag: <PromQL>`. */
export async function findSilentQueries(
  query: Query,
  servers: readonly string[],
): Promise<readonly string[]> {
  const hasData = new Map<string, boolean>();
  for (const server of servers) {
    const asked = panelExpressions(server).filter(({ kind }) => kind === 'query');
    const answers = await Promise.all(asked.map(async ({ expr }) => (await query(expr)).length > 0));
    for (const [i, { where, written }] of asked.entries()) {
      const name = `${where}: ${written}`;
      hasData.set(name, (hasData.get(name) ?? false) || (answers[i] ?? false));
    }
  }
  return [...hasData].flatMap(([name, has]) => (has ? [] : [name]));
}
