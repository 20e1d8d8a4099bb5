/**
 * Recording rules of the objectives that are the same for every stack; `render/slo` adds what depends on the objectives.
 * Windows up to six hours come from samples of 30 or 60 seconds, longer ones from one value each half hour.
 */
import type { RecordingDefinition, RecordingGroup } from '../recordings/recording.ts';
import { MIN_CALLS, SLO_SERIES, slowCallsRatio, unavailableRatio } from './series.ts';
import { UNAVAILABLE_EXPRESSION } from './server-state.ts';

/** A window's length in seconds and in words, and whether it is made of half hours. */
export interface SloWindow {
  readonly name: string;
  /** Prometheus duration. */
  readonly range: string;
  readonly seconds: number;
  readonly isOfHalfHours: boolean;
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const shortWindow = (range: string, seconds: number): SloWindow => ({
  name: range,
  range,
  seconds,
  isOfHalfHours: false,
});

/** Of `days` days; `name` is the end of the series' names. */
export const dayWindow = (days: number, name: string): SloWindow => ({
  name,
  range: `${days}d`,
  seconds: days * DAY,
  isOfHalfHours: true,
});

/** The part of the window since the server is watched: time before it counts as kept, so that a fresh stack does not page. */
const watched = ({ seconds }: SloWindow): string =>
  `on (instance) clamp_max((time() - ${SLO_SERIES.started}) / ${seconds}, 1)`;

export function unavailableRule(window: SloWindow): RecordingDefinition {
  const source = window.isOfHalfHours ? SLO_SERIES.unavailableHalfHour : SLO_SERIES.unavailable;
  return {
    record: unavailableRatio(window.name),
    meaning: `Share of ${window.range} in which the server did not answer, 0 to 1.`,
    expr: `avg_over_time(${source}[${window.range}]) * ${watched(window)}`,
  };
}

export function slowCallsRule(window: SloWindow): RecordingDefinition {
  const [slow, all] = window.isOfHalfHours
    ? [SLO_SERIES.slowCallsHalfHour, SLO_SERIES.callsHalfHour]
    : [SLO_SERIES.slowCalls, SLO_SERIES.calls];
  // From calls a second to calls; both sides, so that the ratio stays what it is.
  const seconds = `on (instance) clamp_max(time() - ${SLO_SERIES.started}, ${window.seconds})`;
  const calls = (series: string) => `avg_over_time(${series}[${window.range}]) * ${seconds}`;
  return {
    record: slowCallsRatio(window.name),
    meaning: `Share of the calls of ${window.range} that were in slow statements, 0 to 1; absent below ${MIN_CALLS} calls.`,
    expr: `${calls(slow)} / (${calls(all)} >= ${MIN_CALLS}) * ${watched(window)}`,
  };
}

/** Every 30 s. */
const QUICK = [shortWindow('5m', 5 * MINUTE), shortWindow('30m', 30 * MINUTE), shortWindow('1h', HOUR)];
/** Every two minutes. */
const LONG = [
  shortWindow('2h', 2 * HOUR),
  shortWindow('6h', 6 * HOUR),
  dayWindow(1, '1d'),
  dayWindow(3, '3d'),
];

const copy = (record: string, source: string, meaning: string): RecordingDefinition => ({
  record,
  meaning,
  expr: source,
});

export const AVAILABILITY_RECORDINGS: RecordingGroup = {
  name: 'pgmon-slo-availability',
  intervalSeconds: 30,
  rules: [
    {
      record: SLO_SERIES.started,
      meaning: 'Unix time from which the server is watched; begins anew after a day without samples.',
      expr: `last_over_time(${SLO_SERIES.started}[1d]) or ${SLO_SERIES.availabilityObjective} * 0 + time()`,
    },
    {
      record: SLO_SERIES.unavailable,
      meaning: '1 = the server does not answer, 0 = it does, or nobody can tell.',
      expr: UNAVAILABLE_EXPRESSION,
    },
    ...QUICK.map(unavailableRule),
  ],
};

export const LATENCY_RECORDINGS: RecordingGroup = {
  name: 'pgmon-slo-latency',
  intervalSeconds: 60,
  rules: QUICK.map(slowCallsRule),
};

export const HALF_HOUR_RECORDINGS: RecordingGroup = {
  name: 'pgmon-slo-half-hours',
  intervalSeconds: 1800,
  rules: [
    copy(
      SLO_SERIES.unavailableHalfHour,
      unavailableRatio('30m'),
      'Share of the last half hour in which the server did not answer.',
    ),
    copy(
      SLO_SERIES.callsHalfHour,
      `avg_over_time(${SLO_SERIES.calls}[30m])`,
      'Calls a second in the last half hour.',
    ),
    copy(
      SLO_SERIES.slowCallsHalfHour,
      `avg_over_time(${SLO_SERIES.slowCalls}[30m])`,
      'Calls a second of slow statements in the last half hour.',
    ),
  ],
};

export const WINDOW_RECORDINGS: RecordingGroup = {
  name: 'pgmon-slo-windows',
  // Below the five minutes for which Prometheus shows a sample.
  intervalSeconds: 120,
  rules: [...LONG.map(unavailableRule), ...LONG.map(slowCallsRule)],
};
