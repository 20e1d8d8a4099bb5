/** A panel of the catalogue by its dashboard and id. */
import { DASHBOARDS } from '../catalog/dashboards/all-dashboards.ts';
import type { Panel, PanelQuery } from '../catalog/dashboards/panel.ts';
import type { PanelName } from './place.ts';

/** Throws for a name that no panel has: a mistake in `places.ts`. */
export function findPanel({ dashboard, panel: id }: PanelName): Panel {
  const found = DASHBOARDS.find(({ uid }) => uid === dashboard)
    ?.rows.flatMap(({ panels }) => panels)
    .find((panel) => panel.id === id);
  if (found === undefined) throw new Error(`no panel ${id} in dashboard ${dashboard}`);
  return found;
}

/** One of the panel's queries; throws when it has fewer. */
export function queryOf(panel: Panel, index: number): PanelQuery {
  const query = panel.queries[index];
  if (query === undefined) throw new Error(`panel ${panel.id} has no query ${index}`);
  return query;
}
