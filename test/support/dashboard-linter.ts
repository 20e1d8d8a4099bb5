/** The rules of Grafana's dashboard linter, by its names for them. Each says what is wrong and where. */
import type { FileDashboard, FilePanel } from './dashboard-files.ts';
import { type FoundSelector, findSelectors } from './promql-selectors.ts';

export interface Finding {
  readonly rule: string;
  /** `uid`, `uid/panel title`. */
  readonly where: string;
  readonly what: string;
  /** The query that it is about; empty for a whole dashboard or panel. */
  readonly expr: string;
}

type Found = Omit<Finding, 'rule'>;
type Check = (dashboard: FileDashboard) => readonly Found[];

/** Of the linter's list of units, those that pgmon may use. */
const UNITS = ['none', 'short', 'string', 'percentunit', 's', 'bytes', 'Bps', 'reqps', 'iops'];
const UNITS_OF_WORDS = ['bool_yes_no', 'dateTimeAsIso'];
const DATA_SOURCE = `\${datasource}`;

const queryOf = (query: string | { readonly query: string }): string =>
  typeof query === 'string' ? query : query.query;

function ofDashboard(problems: (dashboard: FileDashboard) => readonly string[]): Check {
  return (dashboard) => problems(dashboard).map((what) => ({ where: dashboard.uid, what, expr: '' }));
}

const panelsOf = ({ panels }: FileDashboard) => panels.filter(({ type }) => type !== 'row');
const placeOf = ({ uid }: FileDashboard, { title }: FilePanel): string => `${uid}/${title}`;

function ofPanels(problems: (panel: FilePanel) => readonly string[]): Check {
  return (dashboard) =>
    panelsOf(dashboard).flatMap((panel) =>
      problems(panel).map((what) => ({ where: placeOf(dashboard, panel), what, expr: '' })),
    );
}

function ofQueries(problems: (expr: string) => readonly string[]): Check {
  return (dashboard) =>
    panelsOf(dashboard).flatMap((panel) =>
      (panel.targets ?? []).flatMap(({ expr }) =>
        problems(expr).map((what) => ({ where: placeOf(dashboard, panel), what, expr })),
      ),
    );
}

/** What is no PromQL is another rule's. */
function selectorsOf(expr: string): readonly FoundSelector[] {
  try {
    return findSelectors(expr);
  } catch {
    return [];
  }
}

const ofSelectors = (problem: (selector: FoundSelector) => string | null): Check =>
  ofQueries((expr) =>
    selectorsOf(expr).flatMap((selector) => {
      const what = problem(selector);
      return what === null ? [] : [what];
    }),
  );

function templateVariable(name: string): Check {
  return ofDashboard(({ templating }) => {
    const found = templating.list.find((one) => one.name === name);
    if (found === undefined) return [`has no variable ${name}`];
    return [
      ...(found.multi ? [] : [`variable ${name} takes one value only`]),
      ...(found.allValue === '.+' ? [] : [`variable ${name} has allValue ${found.allValue ?? 'none'}`]),
    ];
  });
}

const requiredMatcher =
  (name: string) =>
  ({ text, matchers }: FoundSelector): string | null =>
    matchers.some((one) => one.replaceAll(' ', '') === `${name}=~"$${name}"`) ? null : text;

function isPromQl(expr: string): boolean {
  try {
    findSelectors(expr);
    return true;
  } catch {
    return false;
  }
}

const RULES: Readonly<Record<string, Check>> = {
  'template-datasource-rule': ofDashboard(({ templating }) => {
    const found = templating.list.filter(({ type }) => type === 'datasource');
    const isRight = found.length === 1 && found[0]?.name === 'datasource' && found[0].label === 'Data source';
    return isRight ? [] : ['needs one variable "datasource" with the label "Data source"'];
  }),
  'template-job-rule': templateVariable('job'),
  'template-instance-rule': templateVariable('instance'),
  'template-label-promql-rule': ofDashboard(({ templating }) =>
    templating.list
      .filter(({ type }) => type === 'query')
      .map(({ query }) => queryOf(query))
      .filter((query) => {
        const match = /^label_values\((.+), *\w+\)$/.exec(query);
        return match === null || !isPromQl(match[1] ?? '');
      }),
  ),
  'template-on-time-change-reload-rule': ofDashboard(({ templating }) =>
    templating.list
      .filter(({ type, refresh }) => type === 'query' && refresh !== 2)
      .map(({ name }) => `variable ${name} is not asked anew when the time range changes`),
  ),
  'panel-datasource-rule': ofPanels(({ datasource, targets = [] }) =>
    [datasource?.uid, ...targets.map((target) => target.datasource.uid)]
      .filter((uid) => uid !== DATA_SOURCE)
      .map((uid) => `asks ${uid ?? 'no data source'}`),
  ),
  'panel-title-description-rule': ofPanels(({ title, description = '' }) =>
    title === '' || description === '' ? ['has no title or no description'] : [],
  ),
  'panel-units-rule': ofPanels(({ fieldConfig }) => {
    const unit = fieldConfig?.defaults.unit ?? '';
    return [...UNITS, ...UNITS_OF_WORDS].includes(unit) ? [] : [`has the unit "${unit}"`];
  }),
  'panel-no-targets-rule': ofPanels(({ targets = [] }) => (targets.length === 0 ? ['has no query'] : [])),
  'target-promql-rule': ofQueries((expr) => (isPromQl(expr) ? [] : [expr])),
  'target-rate-interval-rule': ofSelectors(({ text, range, rangeFunction }) =>
    range !== '$__rate_interval' && ['rate', 'irate'].includes(rangeFunction ?? '')
      ? `${rangeFunction}(${text}[${range}])`
      : null,
  ),
  'target-job-rule': ofSelectors(requiredMatcher('job')),
  'target-instance-rule': ofSelectors(requiredMatcher('instance')),
  'target-counter-agg-rule': ofSelectors(({ text, metric, rangeFunction }) =>
    metric?.endsWith('_total') === true && !['rate', 'irate', 'increase'].includes(rangeFunction ?? '')
      ? text
      : null,
  ),
  'uneditable-dashboard': ofDashboard(({ editable }) => (editable ? ['can be edited'] : [])),
};

export const LINTER_RULES = Object.keys(RULES);

/** What each rule says about each dashboard; nothing is left out. */
export function lintDashboards(dashboards: readonly FileDashboard[]): readonly Finding[] {
  return Object.entries(RULES).flatMap(([rule, check]) =>
    dashboards.flatMap((dashboard) => check(dashboard).map((found) => ({ rule, ...found }))),
  );
}
