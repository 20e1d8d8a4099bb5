/** Why a panel of the catalogue is empty, as far as the catalogue knows. */
import type { Panel } from '../catalog/dashboards/panel.ts';
import { buildQuery, type PanelChoice } from './load-panel.ts';
import { type Asking, queryInstant } from './query-prometheus.ts';

/** The first reason of the panel that holds at the end of the range, or null. Rejects as queries do. */
export async function findReason(
  context: Asking,
  panel: Pick<Panel, 'emptyWhen'>,
  choice: PanelChoice,
): Promise<string | null> {
  for (const { reason, holds } of panel.emptyWhen) {
    const { text, range } = buildQuery({ expr: holds }, choice);
    if ((await queryInstant(context, text, range.endSeconds)).length > 0) return reason;
  }
  return null;
}
