/** Every dashboard of the catalogue as the file that ships with pgmon, and their index. */
import { DASHBOARDS } from '../catalog/dashboards/all-dashboards.ts';
import { buildDashboard } from './build-dashboard.ts';
import { formatDashboard } from './format-json.ts';

export interface DashboardFile {
  /** Path below templates/. */
  readonly name: string;
  readonly text: string;
}

/** File name and what the stack must have; rendering reads it, which is cheaper than loading every panel. */
function buildIndex(): DashboardFile {
  const entries = DASHBOARDS.map(({ slug, uid, needs = null }) => ({ slug, uid, needs }));
  return { name: 'dashboards.json', text: `${JSON.stringify(entries, null, 2)}\n` };
}

/** The index, then the dashboards in the order of the catalogue. */
export function buildDashboardFiles(): readonly DashboardFile[] {
  return [
    buildIndex(),
    ...DASHBOARDS.map((dashboard) => ({
      name: `dashboards/${dashboard.slug}.json`,
      text: formatDashboard(buildDashboard(dashboard)),
    })),
  ];
}
