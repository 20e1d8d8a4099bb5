/** What a panel says in words: its description, and what stands there when it is empty. */
import type { Panel } from '../catalog/dashboards/panel.ts';

function emptyReasons({ emptyWhen }: Panel): string {
  return [...new Set(emptyWhen.map(({ reason }) => reason))].join(', or ');
}

/** Markdown. Rendering turns the command for a runbook into a link where the spec says where runbooks are. */
export function describePanel(panel: Panel): string {
  const { text, alert } = panel;
  const reasons = emptyReasons(panel);
  return [
    text.shows,
    `**Normal:** ${text.normal}`,
    `**If not:** ${text.action}`,
    ...(reasons === '' ? [] : [`**Empty when** ${reasons}.`]),
    ...(alert === undefined ? [] : [`**Alert:** ${alert}. Runbook: \`pgmon runbook ${alert}\``]),
  ].join('\n\n');
}

/** Null: Grafana says "No data", because that is a fault. */
export function emptyText(panel: Panel): string | null {
  const reasons = emptyReasons(panel);
  return reasons === '' ? null : reasons.charAt(0).toUpperCase() + reasons.slice(1);
}
