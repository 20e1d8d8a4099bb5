/** The objectives of the stack's servers as rule groups: what each server promises, how much of it is used, and the alerts. */
import type { AlertDefinition } from '../catalog/alerts/alert.ts';
import type { RecordingDefinition, RecordingGroup } from '../catalog/recordings/recording.ts';
import { SLO_SERIES, slowCallsRatio, unavailableRatio } from '../catalog/slo/series.ts';
import { availabilityAlerts, latencyAlerts, type SloWindowChoice } from '../catalog/slo/slo-alerts.ts';
import {
  AVAILABILITY_RECORDINGS,
  dayWindow,
  HALF_HOUR_RECORDINGS,
  LATENCY_RECORDINGS,
  slowCallsRule,
  unavailableRule,
  WINDOW_RECORDINGS,
} from '../catalog/slo/slo-recordings.ts';
import { JOBS } from '../conventions.ts';
import type { Server, Slo, Stack } from '../stack/stack.ts';
import { namesPattern } from './alert-rules.ts';

/** Share of 1 without the dust of binary fractions: 99.9 -> 0.999. */
const share = (percent: number): number => Number((percent / 100).toPrecision(12));

/** ` , instance=~"a|b"`, or nothing when these are all; the shorter of "these" and "not the others". */
function matcherFor(stack: Stack, names: readonly string[]): string {
  const others = stack.servers.map(({ name }) => name).filter((name) => !names.includes(name));
  if (others.length === 0) return '';
  return others.length < names.length
    ? `, instance!~${namesPattern(others)}`
    : `, instance=~${namesPattern(names)}`;
}

/** One rule for each value, over the servers that share it. */
function valueRules(
  stack: Stack,
  { record, meaning }: Omit<RecordingDefinition, 'expr'>,
  choose: (slo: Slo) => number | null,
): readonly RecordingDefinition[] {
  const names = new Map<number, string[]>();
  for (const { name, slo } of stack.servers) {
    const value = slo === null ? null : choose(slo);
    if (value !== null) names.set(value, [...(names.get(value) ?? []), name]);
  }
  return [...names].map(([value, servers]) => ({
    record,
    meaning,
    expr: `max by (instance) (up{job="${JOBS.postgresql}"${matcherFor(stack, servers)}}) * 0 + ${value}`,
  }));
}

function objectiveRules(stack: Stack): readonly RecordingDefinition[] {
  const rule = (
    record: string,
    meaning: string,
    choose: (slo: Slo) => number | null,
  ): readonly RecordingDefinition[] => valueRules(stack, { record, meaning }, choose);
  return [
    ...rule(SLO_SERIES.windowDays, 'Days over which the objectives count.', (slo) => slo.windowDays),
    ...rule(
      SLO_SERIES.availabilityObjective,
      'Share of the time in which the server must answer.',
      ({ availability }) => share(availability),
    ),
    ...rule(
      SLO_SERIES.latencyObjective,
      'Share of the calls that must be in fast statements.',
      ({ latency }) => (latency === null ? null : share(latency.objective)),
    ),
    ...rule(
      SLO_SERIES.latencyThreshold,
      'Mean time in seconds above which a statement is slow.',
      ({ latency }) => (latency === null ? null : latency.thresholdMs / 1000),
    ),
  ];
}

const withLatency = ({ servers }: Stack): readonly Server[] => servers.filter(({ slo }) => slo?.latency);

/** Calls of the servers with a latency objective, without those of the roles that monitor. */
function callRules(stack: Stack): readonly RecordingDefinition[] {
  const servers = withLatency(stack);
  const users = [...new Set(servers.map(({ user }) => user))];
  const matchers = `user!~${namesPattern(users)}${matcherFor(
    stack,
    servers.map(({ name }) => name),
  )}`;
  const thresholds = [...new Set(servers.map(({ slo }) => (slo?.latency?.thresholdMs ?? 0) / 1000))];
  const [first] = thresholds;
  // One number for all servers spares a join of every statement with its server, a third of what the rule costs.
  const threshold =
    first !== undefined && thresholds.length === 1
      ? String(first)
      : `on (instance) group_left () ${SLO_SERIES.latencyThreshold}`;
  const calls = `rate(pg_stat_statements_calls_total{${matchers}}[5m])`;
  const seconds = `rate(pg_stat_statements_seconds_total{${matchers}}[5m])`;
  return [
    {
      record: SLO_SERIES.calls,
      meaning: 'Calls a second of the statements that the exporter tells.',
      expr: `sum by (instance) (${calls})`,
    },
    {
      record: SLO_SERIES.slowCalls,
      meaning: 'Calls a second of those statements whose mean time in five minutes was above the threshold.',
      expr:
        // Fewer calls than so many seconds would pay for at the threshold; this way round each rate is taken once.
        `sum by (instance) (${calls} < ${seconds} / ${threshold}) ` + `or ${SLO_SERIES.calls} * 0`,
    },
  ];
}

/** The figures over the objectives' own windows, and what is left of the budgets. */
function budgetRules(choices: readonly SloWindowChoice[], hasLatency: boolean) {
  const only = ({ windowDays, isOnly }: SloWindowChoice, rule: RecordingDefinition): RecordingDefinition =>
    isOnly
      ? rule
      : { ...rule, expr: `${rule.expr} and on (instance) (${SLO_SERIES.windowDays} == ${windowDays})` };
  const left = (record: string, ratio: string, objective: string): RecordingDefinition => ({
    record,
    meaning: 'What is left of the error budget, 1 = all; below 0 the objective is missed.',
    expr: `1 - ${ratio} / on (instance) (1 - ${objective})`,
  });
  const { availabilityBudgetLeft, availabilityObjective, latencyBudgetLeft, latencyObjective } = SLO_SERIES;
  return [
    ...choices.map((one) => only(one, unavailableRule(dayWindow(one.windowDays, 'window')))),
    left(availabilityBudgetLeft, unavailableRatio('window'), availabilityObjective),
    ...(hasLatency
      ? [
          ...choices.map((one) => only(one, slowCallsRule(dayWindow(one.windowDays, 'window')))),
          left(latencyBudgetLeft, slowCallsRatio('window'), latencyObjective),
        ]
      : []),
  ];
}

function windowChoices(stack: Stack): readonly SloWindowChoice[] {
  const days = [...new Set(stack.servers.flatMap(({ slo }) => (slo === null ? [] : [slo.windowDays])))];
  return days.sort((a, b) => a - b).map((windowDays) => ({ windowDays, isOnly: days.length === 1 }));
}

/** The recording rules of the stack's objectives; empty when no server has one. */
export function buildSloRecordings(stack: Stack): readonly RecordingGroup[] {
  const choices = windowChoices(stack);
  if (choices.length === 0) return [];
  const hasLatency = withLatency(stack).length > 0;
  const kept = (group: RecordingGroup): RecordingGroup => ({
    ...group,
    rules: group.rules.filter(({ record }) => hasLatency || !record.includes('_calls')),
  });
  return [
    { name: 'pgmon-slo-objectives', intervalSeconds: 60, rules: objectiveRules(stack) },
    AVAILABILITY_RECORDINGS,
    ...(hasLatency
      ? [{ ...LATENCY_RECORDINGS, rules: [...callRules(stack), ...LATENCY_RECORDINGS.rules] }]
      : []),
    kept(HALF_HOUR_RECORDINGS),
    kept(WINDOW_RECORDINGS),
    // The longest windows change least and cost most.
    { name: 'pgmon-slo-budgets', intervalSeconds: 240, rules: budgetRules(choices, hasLatency) },
  ];
}

/** The alerts of the stack's objectives, for each window of objectives; without those that the spec switches off. */
export function sloAlertsOf(stack: Stack): readonly AlertDefinition[] {
  const hasLatency = withLatency(stack).length > 0;
  return windowChoices(stack)
    .flatMap((choice) => [...availabilityAlerts(choice), ...(hasLatency ? latencyAlerts(choice) : [])])
    .filter(({ name }) => !stack.alerts.disabled.includes(name));
}
