/** One alert's proof as a promtool case: silent while all is well, silent until its time has come, firing, and gone after the repair. */
import type { AlertDefinition } from '../../catalog/alerts/alert.ts';
import type { Proof, SilentProof } from '../../catalog/proofs/proof.ts';
import { durationSeconds } from '../../spec/units.ts';
import type { AlertingRule } from '../alert-rules.ts';
import { readsMetric } from './metric-names.ts';
import {
  type AlertCheck,
  type ExpressionCheck,
  type PromtoolCase,
  promDuration,
  seriesName,
} from './promtool-file.ts';
import { counterStart, sampleNotation } from './samples.ts';
import { completeWorld, isChanged, simulatedServers, type World } from './simulated-world.ts';

const DEFAULT_STEP = '15s';
const DEFAULT_WARMUP = '15m';

export interface FaultInput {
  readonly alert: AlertDefinition;
  readonly rule: AlertingRule;
  readonly proof: Proof;
  /** Expressions of the recording rules that the alert uses. */
  readonly recordings: readonly string[];
  readonly world: World;
  /** Which of several faults this is, in words; null for the first. */
  readonly what: string | null;
}

function fail({ alert }: Pick<FaultInput, 'alert'>, what: string): never {
  throw new Error(`proof of ${alert.name}: ${what}`);
}

function secondsOf(input: Pick<FaultInput, 'alert'>, text: string): number {
  return durationSeconds(text) ?? fail(input, `${JSON.stringify(text)} is not a duration`);
}

/** Seconds between the samples of a proof. */
export function stepOf({ step = DEFAULT_STEP }: Proof): string {
  return step;
}

interface Times {
  readonly step: number;
  readonly fault: number;
  readonly fires: number;
  readonly repair: number;
  readonly gone: number;
}

/** Every moment in seconds, on the grid of the evaluations. */
function timesOf(input: FaultInput): Times {
  const { proof, rule } = input;
  const step = secondsOf(input, stepOf(proof));
  const onGrid = (text: string) => Math.ceil(secondsOf(input, text) / step) * step;
  const delay = proof.delay ?? '0s';
  const fault = onGrid(proof.warmup ?? DEFAULT_WARMUP);
  const fires = fault + onGrid(delay) + onGrid(rule.for ?? '0s');
  const repair = fires + 2 * step;
  const gone = repair + onGrid(proof.recovery ?? delay) + onGrid(rule.keepFiringFor ?? '0s') + step;
  return { step, fault, fires, repair, gone };
}

/** The series that the alert reads, with the fault in them. */
function inputSeries(input: FaultInput, times: Times): PromtoolCase['input_series'] {
  const { proof, rule, recordings } = input;
  const reads = readsMetric([rule.expr, ...recordings]);
  const world = completeWorld(input.world, proof.extra);
  for (const change of proof.fault) {
    if (!world.some((series) => isChanged(change, series)))
      fail(input, `no series of the world matches ${seriesName(change.metric, change.labels ?? {})}`);
  }
  if (proof.fault.length > 0 && !proof.fault.some(({ metric }) => reads(metric)))
    fail(input, `the alert reads none of the series that its fault changes`);
  const { step, fault, repair, gone } = times;
  return world
    .filter(({ metric }) => reads(metric))
    .map((series) => {
      const change = proof.fault.findLast((one) => isChanged(one, series));
      const stretches = [
        { value: series.value, samples: fault / step },
        { value: change === undefined ? series.value : change.value, samples: (repair - fault) / step },
        { value: series.value, samples: (gone - repair) / step + 1 },
      ];
      return {
        series: seriesName(series.metric, series.labels),
        values: sampleNotation(series.kind, stretches, { start: counterStart(series), stepSeconds: step }),
      };
    });
}

/** `instance` and the labels of the server that the proof is about. */
function serverLabels({ alert, proof, world }: FaultInput): Readonly<Record<string, string>> {
  if (alert.scope !== 'server') return {};
  const servers = simulatedServers([...world, ...(proof.extra ?? [])]);
  const named = [proof.labels, ...proof.fault.map(({ labels = {} }) => labels)].map((one) => one.instance);
  const server =
    servers.find(({ name }) => name === named.find((one) => servers.some((each) => each.name === one))) ??
    servers[0];
  return server === undefined ? {} : { instance: server.name, ...server.labels };
}

function expectedAlert(input: FaultInput): AlertCheck['exp_alerts'][number] {
  const { proof, rule } = input;
  const annotations = Object.fromEntries(rule.annotations.map(({ name, value }) => [name, value]));
  return {
    exp_labels: { ...serverLabels(input), ...proof.labels, severity: rule.severity },
    exp_annotations: { ...annotations, summary: proof.summary, description: proof.description },
  };
}

/** The spec may have chosen another duration; a text with a value that grows with time then reads otherwise. */
function hasOwnDuration({ alert, rule }: FaultInput): boolean {
  return alert.for !== rule.for;
}

function alertChecks(input: FaultInput, { step, fault, fires, gone }: Times): readonly AlertCheck[] {
  const check = (seconds: number, isFiring: boolean): AlertCheck => ({
    eval_time: promDuration(seconds),
    alertname: input.alert.name,
    exp_alerts: isFiring ? [expectedAlert(input)] : [],
  });
  if (input.proof.fault.length === 0) return [check(0, true), check(gone, true)];
  const before = [...new Set([fault - step, fires - step])].map((seconds) => check(seconds, false));
  const firing = hasOwnDuration(input) ? [] : [check(fires + step, true)];
  return [...before, ...firing, check(gone, false)];
}

/** Silent through the whole warm-up; and where the texts are not compared, firing with the right labels. */
function expressionChecks(input: FaultInput, { step, fault, fires }: Times): readonly ExpressionCheck[] {
  if (input.proof.fault.length === 0) return [];
  const state = { alertname: input.alert.name, alertstate: 'firing' };
  const quiet = {
    expr: `max_over_time(${seriesName('ALERTS', state)}[${promDuration(fault)}])`,
    eval_time: promDuration(fault - step),
    exp_samples: [],
  };
  if (!hasOwnDuration(input)) return [quiet];
  const labels = seriesName('ALERTS', { ...expectedAlert(input).exp_labels, ...state });
  const firing = {
    expr: seriesName('ALERTS', state),
    eval_time: promDuration(fires + step),
    exp_samples: [{ labels, value: 1 }],
  };
  return [quiet, firing];
}

function nameOf({ alert, proof, what }: FaultInput, { fault, fires, repair, gone }: Times): string {
  if (proof.fault.length === 0) return `${alert.name} always fires`;
  const [from, at, until, end] = [fault, fires, repair, gone].map(promDuration);
  return `${alert.name}${what === null ? '' : ` (${what})`}: fault at ${from}, fires at ${at}, repair at ${until}, gone by ${end}`;
}

/** The case. Throws when the proof does not fit the world or the alert. */
export function buildFaultCase(input: FaultInput): PromtoolCase {
  const times = timesOf(input);
  return {
    name: nameOf(input, times),
    interval: promDuration(times.step),
    input_series: inputSeries(input, times),
    alert_rule_test: alertChecks(input, times),
    promql_expr_test: expressionChecks(input, times),
  };
}

const SILENT_SECONDS = 3600;

/** The case of something that only looks like the alert's fault: an hour of it, and the alert never fires. */
export function buildSilentCase(
  input: Omit<FaultInput, 'what'> & { readonly silent: SilentProof },
): PromtoolCase {
  const { silent, alert } = input;
  // Cases of one file are evaluated at the same moments.
  const step = secondsOf(input, stepOf(input.proof));
  const fault = Math.ceil(secondsOf(input, DEFAULT_WARMUP) / step) * step;
  const end = fault + SILENT_SECONDS;
  const proof = { ...silent, labels: {}, summary: '', description: '' };
  const times = { step, fault, fires: end, repair: end, gone: end };
  const state = seriesName('ALERTS', { alertname: alert.name, alertstate: 'firing' });
  return {
    name: `${alert.name} is silent: ${silent.what}`,
    interval: promDuration(step),
    input_series: inputSeries({ ...input, proof, what: silent.what }, times),
    promql_expr_test: [
      {
        expr: `max_over_time(${state}[${promDuration(end)}])`,
        eval_time: promDuration(end),
        exp_samples: [],
      },
    ],
  };
}
