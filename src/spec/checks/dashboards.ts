/** Dashboards of grafana.com that are asked for twice. */
import { type Problem, problem } from '../document.ts';
import type { Spec } from '../schema/spec.ts';

export function findDashboardProblems({ dashboards }: Spec): readonly Problem[] {
  const ids = dashboards?.community.map(({ id }) => id) ?? [];
  return ids.flatMap((id, index) =>
    ids.indexOf(id) === index
      ? []
      : [
          problem(
            ['dashboards', 'community', index, 'id'],
            `dashboard ${id} is listed already: one revision of it is enough`,
          ),
        ],
  );
}
