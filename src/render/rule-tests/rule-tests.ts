/** The proofs of the catalogue as promtool's test files, each beside the rules that it runs. Pure; running them is left to the caller. */
import { stringify } from 'yaml';
import { FAMILIES, type Family } from '../../catalog/alerts/alert.ts';
import { PROOFS, WORLD } from '../../catalog/proofs/all-proofs.ts';
import type { Proof } from '../../catalog/proofs/proof.ts';
import type { RenderedFile } from '../../stack/rendered-stack.ts';
import type { Stack } from '../../stack/stack.ts';
import type { AlertingRule } from '../alert-rules.ts';
import type { RenderContext } from '../render-context.ts';
import { alertsOf, buildRuleGroups, type RuleGroupView } from '../rules.ts';
import { faultFiles, provedSubjects, type Subject, type TestFile } from './fault-files.ts';
import type { PromtoolFile } from './promtool-file.ts';
import { proofStack } from './proof-stack.ts';
import { buildQuietTests } from './quiet-cases.ts';

/** What the files need besides the stack. */
export type RuleTestContext = Pick<RenderContext, 'header' | 'fill'>;

export interface RuleTests {
  /** Rule files below `rules/` and the test files, which name them relative to themselves. */
  readonly files: readonly RenderedFile[];
  /** Paths of the test files, for promtool. */
  readonly testFiles: readonly string[];
  /** Alerts with a case of their own. */
  readonly proved: readonly string[];
  /** Alerts of the stack that have no proof. */
  readonly unproved: readonly string[];
  /** Recording rules that are computed. */
  readonly records: readonly string[];
}

export interface RuleTestOptions {
  /** Changes the rules that are written, but not what is expected of them: a test of the tests. */
  readonly mutate?: (rule: AlertingRule) => AlertingRule;
  /** Changes the proofs before they become cases: for looking at what an alert does at other times. */
  readonly adjust?: (proof: Proof) => Proof;
  /** Faults of these families only; default all. The quiet worlds are about all of them in any case. */
  readonly families?: readonly Family[];
}

/** The rule of each alert. Every simulated server is alike, so there is one. */
function subjectsOf(stack: Stack, groups: readonly RuleGroupView[]): readonly Subject[] {
  const rules = groups.flatMap(({ alerts }) => alerts);
  return FAMILIES.flatMap((family) =>
    alertsOf(stack, family).flatMap((alert) => {
      const rule = rules.find((one) => one.alert === alert.name);
      const proofs: Readonly<Record<string, Proof>> = PROOFS[family];
      return rule === undefined ? [] : [{ family, alert, rule, proof: proofs[alert.name] ?? null }];
    }),
  );
}

function quietFiles(groups: readonly RuleGroupView[], subjects: readonly Subject[]): readonly TestFile[] {
  const always = subjects.filter(({ proof }) => proof?.fault.length === 0).map(({ alert }) => alert.name);
  const records = groups.flatMap(({ recordings }) => recordings.map(({ record }) => record));
  return buildQuietTests({ always, records, world: WORLD }).map(({ name, step, case: one }) => {
    return { name, step, groups, cases: [one] };
  });
}

function renderTestFile(file: TestFile, context: RuleTestContext, mutate: RuleTestOptions['mutate']) {
  const rulePath = (group: RuleGroupView) => `rules/${file.name}/${group.name}.yml`;
  const content: PromtoolFile = {
    rule_files: file.groups.map(rulePath),
    evaluation_interval: file.step,
    group_eval_order: file.groups.map(({ name }) => name),
    tests: file.cases,
  };
  const yaml = stringify(content, { version: '1.1', lineWidth: 0, aliasDuplicateObjects: false });
  return [
    ...file.groups.map((group) => ({
      path: rulePath(group),
      content: context.fill('rules.yml.hbs', {
        header: context.header,
        ...group,
        alerts: mutate === undefined ? group.alerts : group.alerts.map(mutate),
      }),
    })),
    { path: `${file.name}.yml`, content: `# ${context.header}\n${yaml}` },
  ];
}

/** Tests of every alert that this stack has, with the thresholds of the catalogue. Throws for a proof that fits no series or no alert. */
export function buildRuleTests(
  stack: Stack,
  context: RuleTestContext,
  { mutate, adjust = (proof) => proof, families = FAMILIES }: RuleTestOptions = {},
): RuleTests {
  const simulated = proofStack(stack, WORLD);
  const groups = buildRuleGroups(simulated);
  const subjects = subjectsOf(simulated, groups);
  const proved = subjects
    .filter(({ family }) => families.includes(family))
    .flatMap(provedSubjects)
    .map((one) => ({ ...one, proof: adjust(one.proof) }));
  const files = [...faultFiles(groups, proved), ...quietFiles(groups, subjects)];
  return {
    files: files.flatMap((file) => renderTestFile(file, context, mutate)),
    testFiles: files.map(({ name }) => `${name}.yml`),
    proved: [...new Set(proved.map(({ alert }) => alert.name))],
    unproved: subjects.filter(({ proof }) => proof === null).map(({ alert }) => alert.name),
    records: groups.flatMap(({ recordings }) => recordings.map(({ record }) => record)),
  };
}
