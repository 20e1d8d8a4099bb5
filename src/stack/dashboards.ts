/** Which dashboards of the catalogue a stack gets: those whose part of the stack is there. */
import { DASHBOARDS } from '../catalog/dashboards/all-dashboards.ts';
import type { Dashboard } from '../catalog/dashboards/dashboard.ts';
import { type Asked, hasNeeded } from './dashboard-needs.ts';

/** In the order of their numbers. */
export function dashboardsOf(stack: Asked): readonly Dashboard[] {
  return DASHBOARDS.filter(({ needs }) => hasNeeded(stack, needs ?? null));
}
