/** Reads the parts of Grafana's dashboard JSON that queries are in. Pure; what is odd is left out, never a crash. */
import { asList, asText, at } from '../../../verify/json.ts';

export interface ImportedQuery {
  readonly expr: string;
  readonly isOverTime: boolean;
}

export interface ImportedPanel {
  readonly id: string;
  readonly title: string;
  readonly queries: readonly ImportedQuery[];
}

export interface ImportedVariable {
  readonly name: string;
  readonly type: string;
  /** `label_values(up, instance)`, `1m,5m`, …, as its type has it. */
  readonly query: string;
  /** `/.*-(.*)/`; '' = none. */
  readonly regex: string;
  readonly hasAll: boolean;
  readonly allValue: string | null;
}

export interface ReadDashboard {
  readonly title: string;
  readonly uid: string;
  readonly panels: readonly ImportedPanel[];
  readonly variables: readonly ImportedVariable[];
  /** Seconds of the time range it opens with; an hour where that is not `now-…`. */
  readonly rangeSeconds: number;
}

const UNIT_SECONDS: Readonly<Record<string, number>> = {
  s: 1,
  m: 60,
  h: 3600,
  d: 86_400,
  w: 604_800,
  M: 2_592_000,
  y: 31_536_000,
};
const DEFAULT_RANGE_SECONDS = 3600;

function rangeSeconds(from: string): number {
  const [, count, unit] = /^now-(\d+)([smhdwMy])$/.exec(from) ?? [];
  return Number(count ?? DEFAULT_RANGE_SECONDS) * (UNIT_SECONDS[unit ?? 's'] ?? 1);
}

function readQuery(target: unknown): readonly ImportedQuery[] {
  const expr = asText(at(target, 'expr')).trim();
  if (expr === '' || at(target, 'hide') === true) return [];
  return [{ expr, isOverTime: at(target, 'instant') !== true || at(target, 'range') === true }];
}

/** Panels of collapsed rows are inside the row. */
function readPanels(panels: unknown): readonly ImportedPanel[] {
  return asList(panels).flatMap((panel) => {
    const queries = asList(at(panel, 'targets')).flatMap(readQuery);
    const own = { id: asText(at(panel, 'id')), title: asText(at(panel, 'title')), queries };
    return [...(queries.length === 0 ? [] : [own]), ...readPanels(at(panel, 'panels'))];
  });
}

function readVariable(variable: unknown): ImportedVariable {
  const query = at(variable, 'query');
  const allValue = asText(at(variable, 'allValue'));
  return {
    name: asText(at(variable, 'name')),
    type: asText(at(variable, 'type')),
    query: typeof query === 'string' ? query : asText(at(query, 'query')),
    regex: asText(at(variable, 'regex')),
    hasAll: at(variable, 'includeAll') === true,
    allValue: allValue === '' ? null : allValue,
  };
}

/** Ids are to be unique, and are not in dashboards that were put together by hand. */
function withUniqueIds(panels: readonly ImportedPanel[]): readonly ImportedPanel[] {
  const seen = new Set<string>();
  return panels.map((panel, i) => {
    const id = panel.id === '' || seen.has(panel.id) ? `${panel.id}#${i + 1}` : panel.id;
    seen.add(id);
    return { ...panel, id };
  });
}

/** Null when it is no dashboard in Grafana's classic form. Rows of very old dashboards hold the panels. */
export function readDashboard(json: unknown): ReadDashboard | null {
  const rows = asList(at(json, 'rows')).flatMap((row) => asList(at(row, 'panels')));
  if (!Array.isArray(at(json, 'panels')) && rows.length === 0) return null;
  return {
    title: asText(at(json, 'title')),
    uid: asText(at(json, 'uid')),
    panels: withUniqueIds([...readPanels(at(json, 'panels')), ...readPanels(rows)]),
    variables: asList(at(json, 'templating', 'list')).map(readVariable),
    rangeSeconds: rangeSeconds(asText(at(json, 'time', 'from'))),
  };
}
