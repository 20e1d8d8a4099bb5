/** Hop `rules`: every rendered rule group is loaded whole, and its last evaluation had no error. */
import { CancelledError } from '../../errors.ts';
import { causeOf } from '../causes.ts';
import { formatSpan } from '../duration.ts';
import { type ExpectedRuleGroup, expectedRuleGroups } from '../expected.ts';
import { type LoadedRuleGroup, readRuleGroups, readRuntimeInfo } from '../prometheus-api.ts';
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

/** Prometheus spreads first evaluations over the interval; those of longer intervals are not worth waiting for. */
const LONGEST_WAIT_MS = 60_000;
const LATE_MS = 10_000;

export interface Now {
  readonly nowMs: number;
  /** When Prometheus loaded its configuration; null = not known. */
  readonly configLoadedMs: number | null;
}

/** True while the first evaluation of a loaded group may still come. */
function isPending(
  { lastEvaluationMs, intervalMs }: LoadedRuleGroup,
  { nowMs, configLoadedMs }: Now,
): boolean {
  return lastEvaluationMs === null && nowMs < (configLoadedMs ?? 0) + intervalMs + LATE_MS;
}

/** The verdict about one rule group. */
export function judgeRuleGroup(
  expected: ExpectedRuleGroup,
  group: LoadedRuleGroup | null,
  now: Now,
): Finding {
  const { nowMs } = now;
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
  const rules = `${ruleCount} ${ruleCount === 1 ? 'rule' : 'rules'}`;
  if (group.lastEvaluationMs === null && group.intervalMs > LONGEST_WAIT_MS && isPending(group, now)) {
    return pass(name, `${rules}, loaded; evaluated every ${formatSpan(group.intervalMs)}`);
  }
  if (group.lastEvaluationMs === null) {
    return fail(
      name,
      'not evaluated yet',
      'check again after the evaluation interval, or give --wait more seconds',
    );
  }
  return pass(name, `${rules}, evaluated ${formatSpan(nowMs - group.lastEvaluationMs)} ago`);
}

async function lookAll(
  context: VerifyContext,
  expected: readonly ExpectedRuleGroup[],
): Promise<readonly Finding[]> {
  const { clock } = context.host;
  const { signal, deadlineMs } = context;
  const { groups, now } = await settle({ clock, signal, deadlineMs }, async () => {
    const [rules, runtime] = await Promise.all([
      askJson(context, 'prometheus', { path: '/api/v1/rules', timeoutMs: 15_000 }),
      askJson(context, 'prometheus', { path: '/api/v1/status/runtimeinfo' }),
    ]);
    const loaded = readRuleGroups(rules);
    const at: Now = { nowMs: clock.now(), configLoadedMs: readRuntimeInfo(runtime).configLoadedMs };
    // A missing group stays missing; only the first evaluation is worth waiting for.
    const isSettled = !expected.some((one) => {
      const group = findGroup(loaded, one);
      return group !== null && group.intervalMs <= LONGEST_WAIT_MS && isPending(group, at);
    });
    return { value: { groups: loaded, now: at }, isSettled };
  });
  return expected.map((group) => judgeRuleGroup(group, findGroup(groups, group), now));
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
