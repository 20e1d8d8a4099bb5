/** The alerts and recording rules that were rendered, whoever evaluates them. Pure. */
import { parse } from 'yaml';
import type { RenderedFile } from '../../stack/rendered-stack.ts';
import { durationMs } from '../duration.ts';
import { asList, asText, at } from '../json.ts';
import { type Expression, parseExpression } from '../promql/expression.ts';

export interface RenderedAlert {
  readonly name: string;
  /** `replication`; the rule group's name without `pgmon-`. */
  readonly family: string;
  readonly expr: string;
}

export interface RenderedRules {
  readonly alerts: readonly RenderedAlert[];
  /** Expressions by the name they are recorded under. */
  readonly records: ReadonlyMap<string, readonly Expression[]>;
  /** Seconds between two evaluations by the name they are recorded under; null = the stack's evaluation interval. */
  readonly recordSeconds: ReadonlyMap<string, number | null>;
}

/** Prometheus' rule files, and the one of Grafana when it evaluates the alerts. */
const RULE_FILE = /^(?:prometheus\/rules\/[^/]+|grafana\/provisioning\/alerting\/rules)\.ya?ml$/;

/** A rule of Prometheus, or one of Grafana, whose first query is the same PromQL. */
function readRule(rule: unknown) {
  const [query] = asList(at(rule, 'data'));
  const expr = query === undefined ? at(rule, 'expr') : at(query, 'model', 'expr');
  const name = query === undefined ? at(rule, 'alert') : at(rule, 'title');
  return { name: asText(name), record: asText(at(rule, 'record')), expr: asText(expr) };
}

/** Rules of every rendered rule file, in the files' order. */
export function readRenderedRules(files: readonly RenderedFile[]): RenderedRules {
  const groups = files
    .filter(({ path }) => RULE_FILE.test(path))
    .flatMap(({ content }) => asList(at(parse(content), 'groups')));
  const alerts: RenderedAlert[] = [];
  const records = new Map<string, readonly Expression[]>();
  const recordSeconds = new Map<string, number | null>();
  for (const group of groups) {
    const family = asText(at(group, 'name')).replace(/^pgmon-/, '');
    const intervalMs = durationMs(asText(at(group, 'interval')));
    for (const rule of asList(at(group, 'rules'))) {
      const { name, record, expr } = readRule(rule);
      if (name !== '') alerts.push({ name, family, expr });
      else {
        records.set(record, [...(records.get(record) ?? []), parseExpression(expr)]);
        recordSeconds.set(record, intervalMs === null ? null : intervalMs / 1000);
      }
    }
  }
  return { alerts, records, recordSeconds };
}
