/** Looks at a dashboard that others made. Nobody knows when its panels may be empty, so emptiness is told and not judged. */
import { type Finding, fail, pass, skip } from '../../../verify/verify-context.ts';
import type { Looking } from '../check-dashboard.ts';
import { PANEL_WORDS } from '../judge-panel.ts';
import { type ImportedPanel, readDashboard } from './read-dashboard.ts';
import { chooseValues, fillIn, type Values } from './variables.ts';

export interface ImportedDashboard {
  /** File name without `.json`. */
  readonly name: string;
  /** Null when the file is no JSON. */
  readonly json: unknown;
}

export const EMPTY = 'empty';
const MEND = 'mend it in Grafana and take it over with `pgmon dashboards export`, or remove the dashboard';

async function checkPanel(
  { asker, endSeconds }: Looking,
  subject: string,
  panel: ImportedPanel,
  values: Values,
): Promise<Finding> {
  const span = { endSeconds, rangeSeconds: values.rangeSeconds };
  const answers = await Promise.all(
    panel.queries.map(({ expr, isOverTime }) => asker.query(fillIn(expr, values), span, isOverTime)),
  );
  const refused = answers.find((answer) => answer.refused !== null);
  if (refused !== undefined) {
    const what = `query refused: ${refused.refused}: ${refused.text}`;
    return fail(subject, `${PANEL_WORDS.broken}: ${panel.title}: ${what}`, MEND);
  }
  return answers.some(({ hasData }) => hasData)
    ? pass(subject, PANEL_WORDS.data)
    : skip(subject, `${EMPTY}: ${panel.title}`);
}

/** One finding for each panel with queries, and for each variable without values. */
export async function checkImported(
  looking: Looking,
  { name, json }: ImportedDashboard,
): Promise<readonly Finding[]> {
  const dashboard = readDashboard(json);
  if (dashboard === null)
    return [skip(name, `${PANEL_WORDS.unjudged}: no dashboard in Grafana's classic JSON`)];
  const { asker, endSeconds, scrapeIntervalSeconds } = looking;
  const span = { endSeconds, rangeSeconds: dashboard.rangeSeconds };
  const { values, problems } = await chooseValues(asker, dashboard.variables, {
    span,
    scrapeIntervalSeconds,
  });
  const variables = problems.map((problem) => {
    const subject = `${name}/$${problem.name}`;
    return problem.refused === null
      ? skip(subject, `${EMPTY}: the variable offers nothing`)
      : fail(subject, `${PANEL_WORDS.broken}: variable refused: ${problem.refused}`, MEND);
  });
  const panels = await Promise.all(
    dashboard.panels.map((panel) => checkPanel(looking, `${name}/${panel.id}`, panel, values)),
  );
  return [...variables, ...panels];
}
