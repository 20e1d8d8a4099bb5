/** The proofs of the catalogue as promtool's test files, each beside the rules that it runs. Pure; running them is left to the caller. */
import { stringify } from 'yaml';
import { type AlertDefinition, FAMILIES, type Family } from '../../catalog/alerts/alert.ts';
import { PROOFS, WORLD } from '../../catalog/proofs/all-proofs.ts';
import { FURTHER_PROOFS, SILENT_PROOFS } from '../../catalog/proofs/further-proofs.ts';
import type { Proof, SilentProof } from '../../catalog/proofs/proof.ts';
import type { RenderedFile } from '../../stack/rendered-stack.ts';
import type { Stack } from '../../stack/stack.ts';
import type { AlertingRule } from '../alert-rules.ts';
import type { RenderContext } from '../render-context.ts';
import { alertsOf, buildRuleGroups, type RuleGroupView } from '../rules.ts';
import { buildFaultCase, buildSilentCase, stepOf } from './fault-case.ts';
import { neededRecordings } from './metric-names.ts';
import type { PromtoolCase, PromtoolFile } from './promtool-file.ts';
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

interface Subject {
  readonly family: Family;
  readonly alert: AlertDefinition;
  readonly rule: AlertingRule;
  readonly proof: Proof | null;
}

interface TestFile {
  readonly name: string;
  readonly step: string;
  readonly groups: readonly RuleGroupView[];
  readonly cases: readonly PromtoolCase[];
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

/** Recording groups cut down to the rules that these expressions need; those whose series a proof gives itself are left out. */
function recordingGroups(
  groups: readonly RuleGroupView[],
  exprs: readonly string[],
  given: readonly string[],
): readonly RuleGroupView[] {
  const all = groups.flatMap(({ recordings }) => recordings).filter(({ record }) => !given.includes(record));
  const needed = neededRecordings(exprs, all);
  return groups
    .map((group) => ({
      ...group,
      alerts: [],
      recordings: group.recordings.filter((one) => needed.includes(one)),
    }))
    .filter(({ recordings }) => recordings.length > 0);
}

interface Proved extends Subject {
  readonly proof: Proof;
  /** Null for the alert's first proof. */
  readonly what: string | null;
  readonly silent: readonly SilentProof[];
}

/** The alert's own proof, then the further ones; look-alikes go with the first. */
function provedSubjects(subject: Subject): readonly Proved[] {
  const { proof, alert } = subject;
  if (proof === null) return [];
  const further = (FURTHER_PROOFS[alert.name] ?? []).map((one) => ({
    ...subject,
    proof: one,
    what: one.what,
    silent: [],
  }));
  return [{ ...subject, proof, what: null, silent: SILENT_PROOFS[alert.name] ?? [] }, ...further];
}

/** The series of recording rules that a proof brings along, because they would take days to compute. */
function givenRecords({ proof }: Proved, groups: readonly RuleGroupView[]): readonly string[] {
  const records = groups.flatMap(({ recordings }) => recordings.map(({ record }) => record));
  const metrics = (proof.extra ?? []).map(({ metric }) => metric);
  return records.filter((record) => metrics.includes(record));
}

/** Alerts that can share a file: same family, same step, same recording rules left out. */
function faultFiles(groups: readonly RuleGroupView[], subjects: readonly Proved[]): readonly TestFile[] {
  const sets = new Map<string, readonly Proved[]>();
  for (const subject of subjects) {
    const given = givenRecords(subject, groups);
    const key = JSON.stringify([subject.family, stepOf(subject.proof), given]);
    sets.set(key, [...(sets.get(key) ?? []), subject]);
  }
  const names = new Set<string>();
  const uniqueName = (base: string): string => {
    let name = base;
    for (let i = 2; names.has(name); i += 1) name = `${base}-${i}`;
    names.add(name);
    return name;
  };
  return [...sets.values()].flatMap((members) => {
    const [first] = members;
    if (first === undefined) return [];
    const given = givenRecords(first, groups);
    const step = stepOf(first.proof);
    const recordings = recordingGroups(
      groups,
      members.map(({ rule }) => rule.expr),
      given,
    );
    const alerting: RuleGroupView = {
      name: `pgmon-${first.family}`,
      intervalSeconds: null,
      recordings: [],
      alerts: [...new Set(members.map(({ rule }) => rule))],
    };
    const all = recordings.flatMap((group) => group.recordings);
    const cases = members.flatMap((one) => {
      const needed = neededRecordings([one.rule.expr], all).map(({ expr }) => expr);
      const input = { ...one, recordings: needed, world: WORLD };
      return [buildFaultCase(input), ...one.silent.map((silent) => buildSilentCase({ ...input, silent }))];
    });
    const base = step === '15s' ? first.family : `${first.family}-${step}`;
    return [{ name: uniqueName(base), step, groups: [...recordings, alerting], cases }];
  });
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
