/** One rule file per group of the catalogue. */
import { type Rule, ruleGroups } from '../catalog/rules.ts';
import type { RenderedFile } from '../stack/rendered-stack.ts';
import type { Stack } from '../stack/stack.ts';
import type { RenderContext } from './render-context.ts';

const NOT_RECORDING = { record: null };
const NOT_ALERTING = { alert: null, for: null, severity: null, summary: null, description: null };

function buildRuleView(rule: Rule) {
  return rule.kind === 'recording' ? { ...NOT_ALERTING, ...rule } : { ...NOT_RECORDING, ...rule };
}

export function renderRules(stack: Stack, { header, fill }: RenderContext): readonly RenderedFile[] {
  return ruleGroups({ hasAlertmanager: stack.alertmanager !== null }).map(({ name, rules }) => ({
    path: `prometheus/rules/${name}.yml`,
    content: fill('rules.yml.hbs', { header, name, rules: rules.map(buildRuleView) }),
  }));
}
