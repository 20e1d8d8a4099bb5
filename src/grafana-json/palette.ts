/** Colours that colour-blind people can tell apart (Okabe and Ito), readable on Grafana's dark and light backgrounds. */
import type { Level, Thresholds } from '../catalog/dashboards/thresholds.ts';

export const LEVEL_COLOURS = {
  ok: '#009E73',
  warning: '#E69F00',
  critical: '#D55E00',
  neutral: '#56B4E9',
} as const satisfies Record<Level, string>;

/** In the order in which they are used: neighbours differ in hue and in lightness. */
const SERIES_COLOURS = [
  '#56B4E9',
  '#E69F00',
  '#009E73',
  '#CC79A7',
  '#0072B2',
  '#F0E442',
  '#D55E00',
  '#999999',
] as const;

/** The colour of the n-th series, from 0; they come round again after the eighth. */
export function seriesColour(index: number): string {
  return SERIES_COLOURS[index % SERIES_COLOURS.length] ?? SERIES_COLOURS[0];
}

/** Thresholds as Grafana writes them. */
export function thresholdSteps({ steps }: Thresholds): { value: number | null; color: string }[] {
  return steps.map(({ from, level }) => ({ value: from, color: LEVEL_COLOURS[level] }));
}
