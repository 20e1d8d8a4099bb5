/** Looks at one dashboard of the catalogue at one place: its variables and every panel. */
import type { Dashboard } from '../../catalog/dashboards/dashboard.ts';
import { interpolate } from '../../catalog/dashboards/interpolate.ts';
import type { Panel } from '../../catalog/dashboards/panel.ts';
import type { Variable } from '../../catalog/dashboards/variables.ts';
import { durationMs } from '../../verify/duration.ts';
import { restsOnAbsence } from '../../verify/promql/expression.ts';
import { type Finding, fail, pass } from '../../verify/verify-context.ts';
import { isOverTime } from '../load-panel.ts';
import { QueryError } from '../query-prometheus.ts';
import { type Asker, type QuerySpan, queryText } from './ask-queries.ts';
import {
  type Explanations,
  judgePanel,
  type LookedAt,
  PANEL_WORDS,
  REPORT_HINT,
  toFinding,
} from './judge-panel.ts';
import type { Place } from './places.ts';

export interface Looking {
  readonly asker: Asker;
  readonly explain: (server: string | null, texts: readonly string[]) => Promise<Explanations>;
  readonly scrapeIntervalSeconds: number;
  readonly endSeconds: number;
}

/** `01-overview/orders/sessions`: also says where each of the results stands in the table. */
function subjectOf({ slug }: Dashboard, { name }: Place, what: string): string {
  return [slug, ...(name === null ? [] : [name]), what].join('/');
}

function spanOf({ endSeconds }: Looking, { range }: Dashboard): QuerySpan {
  return { endSeconds, rangeSeconds: (durationMs(range) ?? 0) / 1000 };
}

/** Of a panel of states: every 15 s of six hours. An alert that was there for a minute is data, and few points would miss it. */
const STATE_POINTS = 1440;

/** What a panel is looked at: the values of the variables, and the time. */
interface Sight {
  readonly chosen: Place['chosen'];
  readonly span: QuerySpan;
}

async function lookAtPanel(looking: Looking, panel: Panel, { chosen, span }: Sight): Promise<LookedAt> {
  const { asker, scrapeIntervalSeconds } = looking;
  const times = { ...span, scrapeIntervalSeconds };
  const shown = panel.kind === 'states' ? { ...span, points: STATE_POINTS } : span;
  const [queries, reasons] = await Promise.all([
    Promise.all(
      panel.queries.map((query) => asker.query(queryText(query, chosen, times), shown, isOverTime(panel))),
    ),
    Promise.all(
      panel.emptyWhen.map(async ({ reason, holds, mayHaveData = false }) => {
        const answer = await asker.query(queryText({ expr: holds }, chosen, times), span, false);
        return { reason, mayHaveData, isAboutAbsence: restsOnAbsence(answer.text), answer };
      }),
    ),
  ]);
  return { title: panel.title, queries, reasons };
}

/** Null when the variable offers something to choose; otherwise the selector that gives nothing, or what is wrong. */
async function lookAtVariable(
  { asker }: Looking,
  variable: Variable,
  { chosen, span }: Sight,
): Promise<{ readonly empty: string } | { readonly wrong: string } | null> {
  const values = { chosen, rangeSeconds: span.rangeSeconds, stepSeconds: 1, scrapeIntervalSeconds: 1 };
  const series = interpolate(variable.series, values);
  const offered = await asker.labelValues(series, variable.valueLabel, span);
  if (offered instanceof QueryError) return { wrong: `refused: ${offered.message}: ${series}` };
  const wanted = chosen[variable.name] ?? [];
  const missing = wanted.filter((value) => value !== '' && !offered.includes(value));
  if (missing.length > 0) return { wrong: `does not offer ${missing.join(', ')}: ${series}` };
  if (offered.length > 0) return null;
  // "All" is enough where no series has the label.
  const { hasData } = await asker.query(series, span, false);
  return variable.hasAll && hasData ? null : { empty: series };
}

function variableFinding(
  subject: string,
  seen: Awaited<ReturnType<typeof lookAtVariable>>,
  explanations: Explanations,
): Finding {
  if (seen === null) return pass(subject, PANEL_WORDS.data);
  const title = 'variable without a value';
  if ('wrong' in seen) return fail(subject, `${PANEL_WORDS.broken}: variable ${seen.wrong}`, REPORT_HINT);
  const answer = { text: seen.empty, hasData: false, refused: null };
  return toFinding(subject, title, judgePanel({ title, queries: [answer], reasons: [] }, explanations));
}

/** One finding for each variable and each panel. Rejects when Prometheus does not answer at all. */
export async function checkDashboard(
  looking: Looking,
  dashboard: Dashboard,
  place: Place,
): Promise<readonly Finding[]> {
  const sight = { chosen: place.chosen, span: spanOf(looking, dashboard) };
  const panels = dashboard.rows.flatMap((row) => row.panels);
  const [variables, looked] = await Promise.all([
    Promise.all(dashboard.variables.map((variable) => lookAtVariable(looking, variable, sight))),
    Promise.all(panels.map((panel) => lookAtPanel(looking, panel, sight))),
  ]);
  const texts = [
    ...variables.flatMap((seen) => (seen !== null && 'empty' in seen ? [seen.empty] : [])),
    ...looked.flatMap(({ queries, reasons }) =>
      [...queries, ...reasons.map(({ answer }) => answer)].flatMap(({ text, hasData, refused }) =>
        hasData || refused !== null ? [] : [text],
      ),
    ),
  ];
  const explanations = await looking.explain(place.server, texts);
  return [
    ...dashboard.variables.map(({ name }, i) =>
      variableFinding(subjectOf(dashboard, place, `$${name}`), variables[i] ?? null, explanations),
    ),
    ...looked.map((one, i) =>
      toFinding(subjectOf(dashboard, place, panels[i]?.id ?? ''), one.title, judgePanel(one, explanations)),
    ),
  ];
}
