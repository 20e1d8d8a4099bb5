/** Where the lines of a chart's value axis stand, so that their labels are round figures in the panel's unit. Pure. */
import type { Unit } from '../catalog/dashboards/panel.ts';

export interface Scale {
  readonly min: number;
  readonly max: number;
  readonly step: number;
}

const SPANS = [
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400, 172_800,
  432_000, 864_000, 2_592_000, 8_640_000, 31_536_000,
];
const WANTED_STEPS = 4;
/** Less than this between lowest and highest is one value. */
const NOTHING = 1e-12;

function niceDecimal(least: number, factors: readonly number[] = [1, 2, 5, 10]): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return (factors.find((factor) => factor * power >= least * 0.999_999) ?? 10) * power;
}

/** Power of two within the unit: 1, 2, 4 … 512 KiB. */
function niceBinary(least: number): number {
  return least <= 1 ? 1 : 2 ** Math.ceil(Math.log2(least) - 1e-9);
}

function niceStep(least: number, unit: Unit): number {
  if (unit === 'percentunit') return niceDecimal(least, [1, 2, 2.5, 5, 10]);
  if (unit === 'bytes') return niceBinary(least);
  if (unit === 's' && least >= 1) return SPANS.find((span) => span >= least) ?? niceDecimal(least);
  return niceDecimal(least);
}

/** The next multiple that is not below the value, but for the last digits of a double. */
function roundUp(value: number, step: number): number {
  const multiple = Math.ceil(value / step - 1e-9) * step;
  return multiple >= value - Math.abs(value) * 1e-9 ? multiple : multiple + step;
}

interface Bounds {
  readonly unit: Unit;
  /** Fixed by the panel. */
  readonly min?: number | undefined;
  readonly max?: number | undefined;
}

/** The scale for values between these two; it begins at 0 unless values are below. */
export function niceScale(least: number, greatest: number, { unit, min, max }: Bounds): Scale {
  const low = Math.min(min ?? 0, least);
  const high = Math.max(max ?? low, greatest);
  if (high - low < NOTHING) return { min: low, max: low + 1, step: 1 };
  const step = niceStep((high - low) / WANTED_STEPS, unit);
  const top = max !== undefined && high <= max ? max : roundUp(high, step);
  return { min: low < 0 ? Math.floor(low / step) * step : low, max: top, step };
}
