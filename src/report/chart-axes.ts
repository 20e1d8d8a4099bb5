/** What all charts share: still pictures, the axis of time, names beside rows, and how much room texts need. Pure. */
import type { Unit } from '../catalog/dashboards/panel.ts';
import { formatValue } from '../panels/format-value.ts';
import type { Scale } from './nice-scale.ts';
import { TEXT_COLOUR } from './palette.ts';
import type { ReportSpan } from './report.ts';

const FONT_SIZE = 11;
const GAP = 8;
/** A time of day stands in the middle of its place on the axis, also at both ends of it. */
const HALF_TIME = 30;
const MAX_NAME_CHARACTERS = 30;
/** Below a time axis. */
export const AXIS_HEIGHT = 22;
/** Of a chart with lines over time. */
export const CHART_HEIGHT = 180;

export const LABEL = { color: TEXT_COLOUR, fontSize: FONT_SIZE, fontFamily: 'sans-serif' };
export const GRID_LINE = { lineStyle: { color: TEXT_COLOUR, opacity: 0.15 } };
/** Nothing moves and nothing reacts. */
export const STILL = { animation: false, useUTC: true, textStyle: { fontFamily: 'sans-serif' } };

/** Pixels that a text needs in a wide font: the drawing is laid out without knowing the reader's. */
function textWidth(text: string): number {
  const wide = text.match(/[%@mwMW]/g)?.length ?? 0;
  return Math.ceil((text.length * 0.64 + wide * 0.34) * FONT_SIZE);
}

/** The name with its middle left out when it is long: beginnings and ends tell names apart. */
function shortName(name: string): string {
  if (name.length <= MAX_NAME_CHARACTERS) return name;
  const half = Math.floor((MAX_NAME_CHARACTERS - 1) / 2);
  return `${name.slice(0, half)}…${name.slice(-half)}`;
}

/** Margin for these names as `nameAxis` shows them. */
export function namesWidth(names: readonly string[]): number {
  return names.reduce((most, name) => Math.max(most, textWidth(shortName(name))), 0) + GAP;
}

/** Rows with names, the first one at the top. */
export function nameAxis(names: readonly string[]) {
  return {
    type: 'category',
    inverse: true,
    data: names.map(shortName),
    axisLabel: { ...LABEL, interval: 0 },
    axisLine: { show: false },
    axisTick: { show: false },
  };
}

export function valueAxis({ min, max, step }: Scale, unit: Unit) {
  const axisLabel = { ...LABEL, formatter: (value: number) => formatValue(value, unit) };
  return { type: 'value', min, max, interval: step, axisLabel, splitLine: GRID_LINE };
}

/** Where the drawing stands in a picture with a time axis below. */
export function gridOver({ left, top }: { readonly left: number; readonly top: number }) {
  return {
    left: Math.max(left, HALF_TIME),
    top,
    right: HALF_TIME,
    bottom: AXIS_HEIGHT,
    outerBoundsMode: 'none',
  };
}

/** Margin for the labels of `valueAxis`. */
export function scaleWidth({ min, max, step }: Scale, unit: Unit): number {
  const ticks = Array.from({ length: Math.floor((max - min) / step + 1e-6) + 1 }, (_, i) => min + i * step);
  return (
    [...ticks, max].reduce((most, value) => Math.max(most, textWidth(formatValue(value, unit))), 0) + GAP
  );
}

export function timeAxis({ startSeconds, endSeconds }: ReportSpan) {
  return {
    type: 'time',
    min: startSeconds * 1000,
    max: endSeconds * 1000,
    splitNumber: 5,
    axisLabel: {
      ...LABEL,
      hideOverlap: true,
      formatter: {
        year: '{yyyy}',
        month: '{d} {MMM}',
        day: '{d} {MMM}',
        hour: '{HH}:{mm}',
        minute: '{HH}:{mm}',
        second: '{HH}:{mm}:{ss}',
        millisecond: '{HH}:{mm}:{ss}',
        none: '{HH}:{mm}',
      },
    },
    axisLine: { lineStyle: { color: TEXT_COLOUR, opacity: 0.5 } },
    axisTick: { show: false },
    splitLine: { show: false },
  };
}
