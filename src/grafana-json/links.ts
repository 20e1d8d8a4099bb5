/** Addresses of other dashboards that keep what the reader has chosen: time, data source and the variables both know. */
import { DASHBOARDS } from '../catalog/dashboards/all-dashboards.ts';
import type { Dashboard } from '../catalog/dashboards/dashboard.ts';
import type { PanelLink } from '../catalog/dashboards/panel.ts';
import { DATA_SOURCE_VARIABLE } from './data-source.ts';

/** Where a link finds the labels of what was clicked on. */
export type LabelsAt = 'series' | 'row';

function labelReference(label: string, at: LabelsAt): string {
  const path = at === 'series' ? `__field.labels.${label}` : `__data.fields.${label}`;
  return `\${${path}:percentencode}`;
}

function sharedVariables(from: Dashboard, to: string): readonly string[] {
  const target = DASHBOARDS.find(({ uid }) => uid === to);
  const there = (target?.variables ?? []).map(({ name }) => name);
  return from.variables.map(({ name }) => name).filter((name) => there.includes(name));
}

export interface DataLink {
  readonly title: string;
  readonly url: string;
}

/** A link as Grafana keeps it in a panel. */
export function buildDataLink(from: Dashboard, link: PanelLink, at: LabelsAt): DataLink {
  const kept = [DATA_SOURCE_VARIABLE, ...sharedVariables(from, link.dashboard)]
    .filter((name) => link.variables[name] === undefined)
    .map((name) => `\${${name}:queryparam}`);
  const given = Object.entries(link.variables).map(
    ([name, label]) => `var-${name}=${labelReference(label, at)}`,
  );
  const parameters = [`\${__url_time_range}`, ...kept, ...given].join('&');
  return { title: link.title, url: `/d/${link.dashboard}?${parameters}` };
}
