/** Hop `rules`: every rendered rule group is loaded whole, and its last evaluation had no error. */
import { CancelledError } from '../../errors.ts';
import { causeOf } from '../causes.ts';
import { formatSpan } from '../duration.ts';
import { type ExpectedRuleGroup, expectedRuleGroups } from '../expected.ts';
import { type LoadedRuleGroup, readRuleGroups } from '../prometheus-api.ts';
import { settle } from '../settle.ts';
import {
  askJson,
  type CheckHop,
  type Finding,
  fail,
  pass,
  skip,
  toResult,
  type VerifyContext,
} from '../verify-context.ts';

function findGroup(groups: readonly LoadedRuleGroup[], expected: ExpectedRuleGroup): LoadedRuleGroup | null {
  return (
    groups.find((group) => group.name === expected.name && group.file.endsWith(`/${expected.file}`)) ?? null
  );
}

/** The verdict about one rule group. */
export function judgeRuleGroup(
  expected: ExpectedRuleGroup,
  group: LoadedRuleGroup | null,
  nowMs: number,
): Finding {
  const { name, ruleCount } = expected;
  if (group === null)
    return fail(name, 'Prometheus has not loaded this rule group', 'apply the spec with `pgmon up`');
  if (group.rules.length !== ruleCount) {
    return fail(
      name,
      `${group.rules.length} rules loaded, ${ruleCount} rendered`,
      'apply the spec with `pgmon up`',
    );
  }
  const broken = group.rules.filter((rule) => rule.health === 'err' || rule.lastError !== '');
  const [first] = broken;
  if (first !== undefined) {
    const detail = `${broken.length} of ${ruleCount} rules fail; ${first.name}: ${first.lastError}`;
    return fail(name, detail, 'see the evaluation in `pgmon logs prometheus`');
  }
  if (group.lastEvaluationMs === null) {
    return fail(
      name,
      'not evaluated yet',
      'check again after the evaluation interval, or give --wait more seconds',
    );
  }
  return pass(
    name,
    `${ruleCount} ${ruleCount === 1 ? 'rule' : 'rules'}, evaluated ${formatSpan(nowMs - group.lastEvaluationMs)} ago`,
  );
}

async function lookAll(
  context: VerifyContext,
  expected: readonly ExpectedRuleGroup[],
): Promise<readonly Finding[]> {
  const { clock } = context.host;
  const groups = await settle({ clock, signal: context.signal, deadlineMs: context.deadlineMs }, async () => {
    const value = readRuleGroups(
      await askJson(context, 'prometheus', { path: '/api/v1/rules', timeoutMs: 15_000 }),
    );
    const found = expected.map((group) => findGroup(value, group));
    // A missing group stays missing; only the first evaluation is worth waiting for.
    return { value, isSettled: found.every((group) => group === null || group.lastEvaluationMs !== null) };
  });
  const nowMs = clock.now();
  return expected.map((group) => judgeRuleGroup(group, findGroup(groups, group), nowMs));
}

export const checkRules: CheckHop = async (context) => {
  const { clock } = context.host;
  const startedMs = clock.now();
  const expected = expectedRuleGroups(context.rendered.files);
  if (expected.length === 0) return [toResult('rules', skip('prometheus', 'the stack has no rules'), 0)];
  const findings = await lookAll(context, expected).catch((error: unknown) => {
    if (context.signal.aborted) throw new CancelledError('interrupted', { cause: error });
    const cause = causeOf(error, 'prometheus');
    return expected.map(({ name }) => fail(name, `Prometheus does not tell: ${cause.words}`, cause.hint));
  });
  return findings.map((finding) => toResult('rules', finding, clock.now() - startedMs));
};
