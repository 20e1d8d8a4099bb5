/** Series of a simulated world, in short. */
import type { SimulatedSeries } from './proof.ts';

type Labels = SimulatedSeries['labels'];

/** Shows `value`. */
export function gauge(metric: string, labels: Labels, value: number): SimulatedSeries {
  return { metric, labels, kind: 'gauge', value };
}

/** Grows by `value` a minute. */
export function counter(metric: string, labels: Labels, value: number): SimulatedSeries {
  return { metric, labels, kind: 'counter', value };
}
