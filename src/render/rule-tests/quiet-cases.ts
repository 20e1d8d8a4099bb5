/** Worlds in which nothing is wrong: no alert may fire in them but those that always do, and every recording rule has a value. */
import type { SimulatedSeries } from '../../catalog/proofs/proof.ts';
import { type ExpressionCheck, type PromtoolCase, promDuration, seriesName } from './promtool-file.ts';
import { counterStart, type Stretch, sampleNotation } from './samples.ts';
import { completeWorld, type World } from './simulated-world.ts';

const MINUTE = 60;
const HOUR = 60 * MINUTE;

export interface QuietInput {
  readonly world: World;
  /** Alerts that always fire. */
  readonly always: readonly string[];
  /** Names of recording rules. */
  readonly records: readonly string[];
}

interface Quiet {
  readonly name: string;
  readonly stepSeconds: number;
  readonly lengthSeconds: number;
  readonly startOf: (series: SimulatedSeries) => number;
  /** Value and for how long; null = to the end. */
  readonly stretchesOf: (
    series: SimulatedSeries,
  ) => readonly { readonly value: number | null; readonly seconds: number | null }[];
}

const HEALTHY: Quiet = {
  name: 'healthy servers under load',
  stepSeconds: MINUTE,
  lengthSeconds: 6 * HOUR,
  startOf: counterStart,
  stretchesOf: ({ value }) => [{ value, seconds: null }],
};

const IDLE: Quiet = {
  ...HEALTHY,
  name: 'servers that run and do nothing',
  stretchesOf: ({ kind, value, idle = kind === 'counter' && value !== null ? 0 : value }) => [
    { value: idle, seconds: null },
  ],
};

/** What is said about a server that just started holds this long. */
const STARTING_SECONDS = 5 * MINUTE;

const STARTED: Quiet = {
  name: 'servers and a stack that started a moment ago',
  stepSeconds: 15,
  lengthSeconds: HOUR,
  startOf: () => 0,
  stretchesOf: ({ value, started = value }) => [
    // Nothing yet, so that the first samples are seen as the first.
    { value: null, seconds: MINUTE },
    { value: started, seconds: STARTING_SECONDS },
    { value, seconds: null },
  ],
};

function samplesOf(quiet: Quiet, series: SimulatedSeries): string {
  const { stepSeconds, lengthSeconds } = quiet;
  let left = lengthSeconds / stepSeconds + 1;
  const stretches = quiet.stretchesOf(series).map(({ value, seconds }): Stretch => {
    const samples = seconds === null ? left : seconds / stepSeconds;
    left -= samples;
    return { value, samples };
  });
  return sampleNotation(series.kind, stretches, { start: quiet.startOf(series), stepSeconds });
}

function quietCase(
  quiet: Quiet,
  { always, world }: QuietInput,
  more: readonly ExpressionCheck[],
): PromtoolCase {
  const end = promDuration(quiet.lengthSeconds);
  return {
    name: quiet.name,
    interval: promDuration(quiet.stepSeconds),
    input_series: completeWorld(world).map((series) => ({
      series: seriesName(series.metric, series.labels),
      values: samplesOf(quiet, series),
    })),
    promql_expr_test: [
      {
        expr: `count by (alertname) (max_over_time(ALERTS{alertstate="firing"}[${end}]))`,
        eval_time: end,
        exp_samples: always.map((name) => ({ labels: seriesName('', { alertname: name }), value: 1 })),
      },
      ...more,
    ],
  };
}

const END = promDuration(HEALTHY.lengthSeconds);

/** NaN and infinity are the only numbers that minus themselves are not zero. */
const isNeverOdd = (record: string): ExpressionCheck => ({
  expr: `count((${record} - ${record}) != 0)`,
  eval_time: END,
  exp_samples: [],
});

const isThere = (record: string): ExpressionCheck => ({
  expr: `count(${record}) > bool 0`,
  eval_time: END,
  exp_samples: [{ labels: '{}', value: 1 }],
});

export interface QuietTest {
  readonly name: string;
  readonly step: string;
  readonly case: PromtoolCase;
}

/** Healthy servers, idle servers, and a start. */
export function buildQuietTests(input: QuietInput): readonly QuietTest[] {
  const odd = input.records.map(isNeverOdd);
  const test = (name: string, quiet: Quiet, more: readonly ExpressionCheck[]): QuietTest => ({
    name,
    step: promDuration(quiet.stepSeconds),
    case: quietCase(quiet, input, more),
  });
  return [
    test('quiet-healthy', HEALTHY, [...input.records.map(isThere), ...odd]),
    test('quiet-idle', IDLE, odd),
    test('quiet-start', STARTED, []),
  ];
}
