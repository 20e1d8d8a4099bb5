/** Queries of a panel as Grafana's Prometheus data source takes them. */
import {
  DataqueryBuilder,
  PromQueryFormat,
  QueryEditorMode,
} from '@grafana/grafana-foundation-sdk/prometheus';
import type { Panel, PanelQuery } from '../catalog/dashboards/panel.ts';
import { PROMETHEUS } from './data-source.ts';

/** `series`: over time. `now`: one value for each series. `rows`: the same, as a table. */
export type Asked = 'series' | 'now' | 'rows';

/** A, B, C … in the order of the queries. */
export function refIdOf(index: number): string {
  return String.fromCharCode('A'.charCodeAt(0) + index);
}

function buildTarget({ expr, legend, everySeconds }: PanelQuery, refId: string, asked: Asked) {
  const target = new DataqueryBuilder()
    .refId(refId)
    .datasource(PROMETHEUS)
    .editorMode(QueryEditorMode.Code)
    .expr(expr)
    .format(asked === 'rows' ? PromQueryFormat.Table : PromQueryFormat.TimeSeries)
    .legendFormat(legend === '' ? '__auto' : legend);
  // The least time between samples, on which $__rate_interval and the step rest; else the data source says it.
  if (everySeconds !== undefined) target.interval(`${everySeconds}s`);
  return asked === 'series' ? target.range() : target.instant();
}

export function buildTargets({ queries }: Panel, asked: Asked) {
  return queries.map((query, index) => buildTarget(query, refIdOf(index), asked));
}
