/** A course of values as one line of blocks. */
import type { Unit } from '../catalog/dashboards/panel.ts';
import type { Thresholds } from '../catalog/dashboards/thresholds.ts';

const HEIGHTS = [...'▁▂▃▄▅▆▇█'];

/**
 * Lowest and highest value of a sparkline's scale. From zero, as everything else makes noise look like news; but a share of
 * which little is bad begins where it is critical: between 99% and 95% of cache hits lies all that matters.
 */
export function scaleOf(
  course: readonly (number | null)[],
  unit: Unit,
  thresholds: Thresholds | undefined,
): readonly [number, number] {
  const values = course.filter((value): value is number => value !== null && Number.isFinite(value));
  if (unit === 'percentunit') {
    const [first, second] = thresholds?.steps ?? [];
    const isLowBad = first?.level === 'critical';
    return [isLowBad ? (second?.from ?? 0) : 0, Math.max(1, ...values)];
  }
  return [Math.min(0, ...values), Math.max(0, ...values)];
}

/** One character for each value, at most `width` of them, the newest; a blank where there was none. */
export function sparkline(
  course: readonly (number | null)[],
  [low, high]: readonly [number, number],
  width: number,
): string {
  return course
    .slice(Math.max(0, course.length - width))
    .map((value) => {
      if (value === null) return ' ';
      const share = high > low ? (value - low) / (high - low) : 0;
      const index = Math.floor(Math.max(0, Math.min(1, share)) * HEIGHTS.length);
      return HEIGHTS[Math.min(index, HEIGHTS.length - 1)] ?? ' ';
    })
    .join('');
}
