/** Where the user's dashboards are, and which of grafana.com's must be among them. */
import { DEFAULT_DASHBOARDS_DIR } from '../../conventions.ts';
import type { MoreDashboards } from '../../stack/dashboard-file.ts';
import type { Spec } from '../schema/spec.ts';
import { resolvePath } from './paths.ts';

export function resolveDashboards({ dashboards }: Spec, specDir: string): MoreDashboards {
  const shownDirectory = dashboards?.directory ?? DEFAULT_DASHBOARDS_DIR;
  return {
    directory: resolvePath(specDir, shownDirectory),
    shownDirectory,
    community: dashboards?.community ?? [],
  };
}
