/** The proofs of the SLO rules as promtool's test files, beside the rules that they run. Pure. */
import { stringify } from 'yaml';
import { DECLARED_SERVERS } from '../../catalog/recordings/servers.ts';
import type { RenderedFile } from '../../stack/rendered-stack.ts';
import type { Stack } from '../../stack/stack.ts';
import type { AlertingRule } from '../alert-rules.ts';
import type { RenderContext } from '../render-context.ts';
import { buildRuleGroups, type RuleGroupView } from '../rules.ts';
import type { PromtoolCase, PromtoolFile } from './promtool-file.ts';
import { DAY_CASES, LATENCY_CASES, QUICK_CASES } from './slo-cases.ts';
import { sloProofStack } from './slo-world.ts';

export interface SloRuleTests {
  /** Rule files below `rules/slo/` and the test files, which name them relative to themselves. */
  readonly files: readonly RenderedFile[];
  readonly testFiles: readonly string[];
  /** Alerts that a case sees firing. */
  readonly proved: readonly string[];
}

const FILES: readonly (readonly [name: string, step: string, cases: readonly PromtoolCase[]])[] = [
  ['slo', '30s', QUICK_CASES],
  ['slo-days', '5m', DAY_CASES],
  ['slo-latency', '1m', LATENCY_CASES],
];

/** Severity and the texts that do not change come from the rule. */
function withWholeTexts(one: PromtoolCase, groups: readonly RuleGroupView[]): PromtoolCase {
  if (one.alert_rule_test === undefined) return one;
  const rules = groups.flatMap(({ alerts }) => alerts);
  const checks = one.alert_rule_test.map((check) => {
    const rule = rules.find(({ alert }) => alert === check.alertname);
    const texts = Object.fromEntries((rule?.annotations ?? []).map(({ name, value }) => [name, value]));
    return {
      ...check,
      exp_alerts: check.exp_alerts.map(({ exp_labels, exp_annotations }) => ({
        exp_labels: { ...exp_labels, severity: rule?.severity ?? '' },
        exp_annotations: {
          ...texts,
          summary: (texts.summary ?? '').replaceAll('{{ $labels.instance }}', exp_labels.instance ?? ''),
          ...exp_annotations,
        },
      })),
    };
  });
  return { ...one, alert_rule_test: checks };
}

/** The rules of the objectives, and before them the one that every alert about a server takes its labels from. */
function sloGroups(all: readonly RuleGroupView[]): readonly RuleGroupView[] {
  const declared = all
    .map((group) => ({
      ...group,
      recordings: group.recordings.filter(({ record }) => record === DECLARED_SERVERS),
    }))
    .filter(({ recordings }) => recordings.length > 0);
  return [...declared, ...all.filter(({ name }) => name.startsWith('pgmon-slo'))];
}

/** `mutate` changes the rules that are written, but not what is expected of them: a test of the tests. */
export function buildSloRuleTests(
  stack: Stack,
  { header, fill }: RenderContext,
  mutate: (rule: AlertingRule) => AlertingRule = (rule) => rule,
): SloRuleTests {
  const groups = sloGroups(buildRuleGroups(sloProofStack(stack)));
  const pathOf = (name: string) => `rules/slo/${name}.yml`;
  const rules = groups.map((group) => ({
    path: pathOf(group.name),
    content: fill('rules.yml.hbs', { header, ...group, alerts: group.alerts.map(mutate) }),
  }));
  const tests = FILES.map(([name, step, cases]) => {
    const content: PromtoolFile = {
      rule_files: groups.map((group) => pathOf(group.name)),
      evaluation_interval: step,
      group_eval_order: groups.map((group) => group.name),
      tests: cases.map((one) => withWholeTexts(one, groups)),
    };
    const yaml = stringify(content, { version: '1.1', lineWidth: 0, aliasDuplicateObjects: false });
    return { path: `${name}.yml`, content: `# ${header}\n${yaml}` };
  });
  const text = tests.map(({ content }) => content).join('');
  const names = new Set(groups.flatMap(({ alerts }) => alerts.map(({ alert }) => alert)));
  return {
    files: [...rules, ...tests],
    testFiles: tests.map(({ path }) => path),
    proved: [...names].filter((name) => text.includes(`alertname="${name}",alertstate="firing"`)),
  };
}
