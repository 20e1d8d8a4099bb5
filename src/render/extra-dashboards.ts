/**
 * The user's own dashboards as Grafana sees them, and the provider that reads them: a folder of their own, in
 * which they may be changed in Grafana (`pgmon dashboards export` brings changes back).
 */
import {
  GENERATED_MARK,
  MORE_DASHBOARDS_DIR,
  MORE_DASHBOARDS_FOLDER,
  MORE_DASHBOARDS_FOLDER_UID,
} from '../conventions.ts';
import type { DashboardFile } from '../stack/dashboard-file.ts';
import type { RenderedFile } from '../stack/rendered-stack.ts';
import type { Stack } from '../stack/stack.ts';
import { dashboardDirs } from './grafana-places.ts';
import type { RenderContext } from './render-context.ts';

/** JSON has no comments: the mark by which pgmon knows its files stands in the description, on the first line. */
function renderDashboard({ name, content }: DashboardFile, shownDirectory: string): RenderedFile {
  const { description, ...rest } = content;
  const mark = `(${GENERATED_MARK} from ${shownDirectory.replace(/[()]/g, '_')}/${name.replace(/[()]/g, '_')}.)`;
  const text = typeof description === 'string' && description !== '' ? `${description} ${mark}` : mark;
  const body = JSON.stringify(rest, null, 2);
  return {
    path: `${MORE_DASHBOARDS_DIR}/${name}`,
    content: `{ "description": ${JSON.stringify(text)},\n${body.slice(2)}\n`,
  };
}

/** Nothing without Grafana or without dashboards. */
export function renderExtraDashboards(
  stack: Stack,
  { header, fill }: Pick<RenderContext, 'header' | 'fill'>,
  dashboards: readonly DashboardFile[],
): readonly RenderedFile[] {
  if (stack.grafana === null || dashboards.length === 0) return [];
  const view = {
    header,
    folder: MORE_DASHBOARDS_FOLDER,
    folderUid: MORE_DASHBOARDS_FOLDER_UID,
    path: dashboardDirs(stack).more,
  };
  return [
    {
      path: 'grafana/provisioning/dashboards/pgmon-more.yml',
      content: fill('grafana-more-dashboards.yml.hbs', view),
    },
    ...dashboards.map((one) => renderDashboard(one, stack.dashboards.shownDirectory)),
  ];
}
