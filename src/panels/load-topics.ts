/** Whole dashboards with their data at one place (a server, a machine), for who shows them without Grafana. */
import pLimit from 'p-limit';
import type { Dashboard } from '../catalog/dashboards/dashboard.ts';
import type { Panel } from '../catalog/dashboards/panel.ts';
import { causeOf } from '../verify/causes.ts';
import { findReason } from './find-reason.ts';
import { isJudgedNow, loadNow } from './load-now.ts';
import { loadPanel, type PanelChoice, type PanelData, type QueryData } from './load-panel.ts';
import { probePrometheus } from './probe-prometheus.ts';
import { type Asking, QueryError } from './query-prometheus.ts';

/** A panel that shows nothing, and why. */
export interface EmptyPanel {
  readonly panel: Panel;
  readonly reason: string;
}

export interface TopicPanel extends PanelData {
  /** The same queries at the end of the range, where `queries` are a course; none where nothing is judged by it. */
  readonly now?: readonly QueryData[];
}

export interface Topic {
  readonly slug: string;
  readonly title: string;
  readonly question: string;
  /** Rows without data are left out. */
  readonly rows: readonly { readonly title: string; readonly panels: readonly TopicPanel[] }[];
  readonly empty: readonly EmptyPanel[];
}

const PANELS_AT_ONCE = 4;
/** Said of a panel that has no data although no reason of its own holds. */
export const UNEXPLAINED = 'no reason of the catalogue holds: `pgmon check --panels` looks closer';

async function look(context: Asking, panel: Panel, choice: PanelChoice): Promise<TopicPanel | EmptyPanel> {
  try {
    const data = await loadPanel(context, panel, choice);
    const hasData = data.queries.some(({ series }) => series.length > 0);
    if (!hasData) return { panel, reason: (await findReason(context, panel, choice)) ?? UNEXPLAINED };
    return isJudgedNow(panel) ? { ...data, now: await loadNow(context, panel, choice) } : data;
  } catch (error) {
    context.signal.throwIfAborted();
    // Nobody waits for the other panels when nothing answers any more.
    if (!(error instanceof QueryError)) await probePrometheus(context);
    const words = error instanceof QueryError ? error.message : causeOf(error, 'prometheus').words;
    return { panel, reason: `Prometheus did not answer: ${words}` };
  }
}

/** Two panels that ask and show the same are one. */
function identityOf({ kind, queries }: Panel): string {
  return JSON.stringify([kind, queries.map(({ expr, unit }) => [expr, unit])]);
}

/** Each dashboard as a topic, in order; a panel that several of them have is in the first only. Rejects when Prometheus answers nothing any more, never for a panel. */
export async function loadTopics(
  context: Asking,
  dashboards: readonly Dashboard[],
  choice: PanelChoice,
): Promise<readonly Topic[]> {
  const limit = pLimit(PANELS_AT_ONCE);
  const seen = new Set<string>();
  const isFirst = (panel: Panel) => {
    const identity = identityOf(panel);
    return !seen.has(identity) && seen.add(identity).size > 0;
  };
  const lookAt = async (panel: Panel) => {
    try {
      return await look(context, panel, choice);
    } catch (error) {
      limit.clearQueue();
      throw error;
    }
  };
  const wanted = dashboards.map((dashboard) => ({
    dashboard,
    rows: dashboard.rows.map(({ title, panels }) => ({ title, panels: panels.filter(isFirst) })),
  }));
  return Promise.all(
    wanted.map(async ({ dashboard: { slug, title, question }, rows }) => {
      const looked = await Promise.all(
        rows.map(async (row) => ({
          title: row.title,
          panels: await Promise.all(row.panels.map((panel) => limit(() => lookAt(panel)))),
        })),
      );
      return {
        slug,
        title,
        question,
        rows: looked
          .map((row) => ({ ...row, panels: row.panels.filter((one) => 'queries' in one) }))
          .filter(({ panels }) => panels.length > 0),
        empty: looked.flatMap(({ panels }) => panels.filter((one) => 'reason' in one)),
      };
    }),
  );
}
