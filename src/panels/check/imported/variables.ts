/** Values for the variables of a dashboard that others made: what Grafana chooses when somebody opens it. */
import { rateIntervalSeconds } from '../../../catalog/dashboards/interpolate.ts';
import { QueryError } from '../../query-prometheus.ts';
import type { Asker, QuerySpan } from '../ask-queries.ts';
import type { ImportedVariable } from './read-dashboard.ts';

export interface Values {
  /** By name: what stands in the place of `$name`. */
  readonly byName: ReadonlyMap<string, string>;
  readonly rangeSeconds: number;
  readonly scrapeIntervalSeconds: number;
}

/** `$name`, `${name}`, `${name:regex}`, `[[name]]`. */
const REFERENCE = /\$(\w+)|\$\{(\w+)(?:\.[^:}]+)?(?::[^}]+)?\}|\[\[(\w+)(?::\w+)?\]\]/g;

function builtIns({ rangeSeconds, scrapeIntervalSeconds }: Values): ReadonlyMap<string, string> {
  const rate = rateIntervalSeconds({
    chosen: {},
    rangeSeconds,
    stepSeconds: 1,
    scrapeIntervalSeconds,
  });
  return new Map([
    ['__rate_interval', `${rate}s`],
    ['__interval', `${scrapeIntervalSeconds}s`],
    ['interval', `${scrapeIntervalSeconds}s`],
    ['__interval_ms', String(scrapeIntervalSeconds * 1000)],
    ['__range', `${rangeSeconds}s`],
    ['__range_s', String(rangeSeconds)],
    ['__range_ms', String(rangeSeconds * 1000)],
  ]);
}

/** A name without a value stays as it is, as in Grafana; Prometheus then refuses the query. `$1` belongs to label_replace. */
export function fillIn(text: string, values: Values): string {
  const known = builtIns(values);
  return text.replace(REFERENCE, (whole, bare?: string, braced?: string, bracketed?: string) => {
    const name = bare ?? braced ?? bracketed ?? '';
    return values.byName.get(name) ?? known.get(name) ?? whole;
  });
}

function toPattern(body: string, flags: string): RegExp | null {
  try {
    return new RegExp(body, flags.replaceAll('g', ''));
  } catch {
    return null;
  }
}

/** `/a-(.*)/`: the first group of what matches, or all of it. An error for what is no regular expression. */
function applyRegex(values: readonly string[], regex: string): readonly string[] | QueryError {
  const [, body, flags] = /^\/(.*)\/([a-z]*)$/s.exec(regex) ?? [null, regex, ''];
  if (body === undefined || body === '') return values;
  const pattern = toPattern(body, flags ?? '');
  if (pattern === null) return new QueryError(`${regex} is no regular expression`);
  const matched = values.flatMap((value) => {
    const match = pattern.exec(value);
    return match === null ? [] : [match.groups?.value ?? match[1] ?? match[0]];
  });
  return [...new Set(matched)];
}

async function valuesOf(
  asker: Asker,
  { type, query, regex }: ImportedVariable,
  values: Values,
  span: QuerySpan,
): Promise<readonly string[] | QueryError> {
  if (type === 'custom' || type === 'interval') return query.split(',').map((value) => value.trim());
  if (type === 'constant' || type === 'textbox') return [query];
  const [, series, label] = /^label_values\((?:(.*),)?\s*(\w+)\s*\)$/s.exec(query.trim()) ?? [];
  if (type !== 'query' || label === undefined) return [];
  const selector = series === undefined ? '{__name__!=""}' : fillIn(series.trim(), values);
  const offered = await asker.labelValues(selector, label, span);
  return offered instanceof QueryError ? offered : applyRegex(offered, regex);
}

export interface ChosenValues {
  readonly values: Values;
  /** Variables that ask for values and get none, or are refused: name -> why. */
  readonly problems: readonly { readonly name: string; readonly refused: string | null }[];
}

/** One after the other, as later ones may use earlier ones. Variables about data sources and filters need no value. */
export async function chooseValues(
  asker: Asker,
  variables: readonly ImportedVariable[],
  times: { readonly span: QuerySpan; readonly scrapeIntervalSeconds: number },
): Promise<ChosenValues> {
  const { span, scrapeIntervalSeconds } = times;
  const byName = new Map<string, string>();
  const values = { byName, rangeSeconds: span.rangeSeconds, scrapeIntervalSeconds };
  const problems: { readonly name: string; readonly refused: string | null }[] = [];
  for (const variable of variables) {
    const { name, type, hasAll, allValue } = variable;
    if (type === 'datasource' || type === 'adhoc') continue;
    const offered = await valuesOf(asker, variable, values, span);
    if (offered instanceof QueryError) problems.push({ name, refused: offered.message });
    else if (offered.length === 0) problems.push({ name, refused: null });
    const first = offered instanceof QueryError ? undefined : offered[0];
    byName.set(name, hasAll ? (allValue ?? '.*') : (first ?? ''));
  }
  return { values, problems };
}
