/** How long a hole in the data may be and still be drawn over. */
import type { Panel } from '../../catalog/dashboards/panel.ts';

/** Two samples may be missing; more is a gap that the reader should see. */
const BRIDGED_SAMPLES = 3;
const USUAL_SECONDS = 60;

/** Milliseconds, by the slowest query of the panel. */
export function bridgedGapMs({ queries }: Panel): number {
  const slowest = Math.max(USUAL_SECONDS, ...queries.map(({ everySeconds }) => everySeconds ?? 0));
  return slowest * BRIDGED_SAMPLES * 1000;
}
