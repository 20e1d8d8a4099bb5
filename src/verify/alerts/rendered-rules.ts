/** The alerts and recording rules that were rendered, whoever evaluates them. Pure. */
import { parse } from 'yaml';
import type { RenderedFile } from '../../stack/rendered-stack.ts';
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
}

const RULE_FILE = /^prometheus\/rules\/[^/]+\.ya?ml$/;

/** Rules of every rendered rule file, in the files' order. */
export function readRenderedRules(files: readonly RenderedFile[]): RenderedRules {
  const groups = files
    .filter(({ path }) => RULE_FILE.test(path))
    .flatMap(({ content }) => asList(at(parse(content), 'groups')));
  const alerts: RenderedAlert[] = [];
  const records = new Map<string, readonly Expression[]>();
  for (const group of groups) {
    const family = asText(at(group, 'name')).replace(/^pgmon-/, '');
    for (const rule of asList(at(group, 'rules'))) {
      const expr = asText(at(rule, 'expr'));
      const name = asText(at(rule, 'alert'));
      const record = asText(at(rule, 'record'));
      if (name !== '') alerts.push({ name, family, expr });
      else records.set(record, [...(records.get(record) ?? []), parseExpression(expr)]);
    }
  }
  return { alerts, records };
}
