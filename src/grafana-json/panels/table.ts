/** One row for each set of labels, one column for each label and each query. */
import { TableSortByFieldStateBuilder } from '@grafana/grafana-foundation-sdk/common';
import {
  type DataTransformerConfig,
  type DynamicConfigValue,
  FieldColorBuilder,
  FieldColorModeId,
  ThresholdsMode,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/table';
import type { Dashboard } from '../../catalog/dashboards/dashboard.ts';
import type { LabelColumn, PanelQuery, TablePanel } from '../../catalog/dashboards/panel.ts';
import { buildDataLink } from '../links.ts';
import { thresholdSteps } from '../palette.ts';
import { withCommon } from '../panel-builder.ts';
import { buildTargets, refIdOf } from '../targets.ts';
import { GRAFANA_UNITS } from '../units.ts';

/** Grafana's name for the values of a query: numbered only where there are several. */
function valueField({ queries }: TablePanel, index: number): string {
  return queries.length === 1 ? 'Value' : `Value #${refIdOf(index)}`;
}

/** Labels first, then values. Grafana joins rows by the fields that all queries have, the time among them. */
function buildTransformations(panel: TablePanel): DataTransformerConfig[] {
  const fields = [
    ...panel.columns.map(({ label, header }) => [label, header] as const),
    ...panel.queries.map(({ legend }, index) => [valueField(panel, index), legend] as const),
  ];
  const names = ['Time', ...fields.map(([name]) => name)];
  return [
    { id: 'filterFieldsByName', options: { include: { names } } },
    { id: 'merge', options: {} },
    {
      id: 'organize',
      options: {
        excludeByName: { Time: true },
        indexByName: Object.fromEntries(fields.map(([name], index) => [name, index])),
        renameByName: Object.fromEntries(fields),
      },
    },
  ];
}

function labelProperties(dashboard: Dashboard, panel: TablePanel, column: LabelColumn): DynamicConfigValue[] {
  // Links of the whole table stand in its first column.
  const shared = panel.columns[0] === column ? (panel.links ?? []) : [];
  const links = [...(column.link === undefined ? [] : [column.link]), ...shared];
  return [
    { id: 'unit', value: 'string' },
    ...(links.length === 0
      ? []
      : [{ id: 'links', value: links.map((link) => buildDataLink(dashboard, link, 'row')) }]),
    ...(column.label === 'query' ? [{ id: 'custom.inspect', value: true }] : []),
  ];
}

/** A missing value in a row is a dash; the words for an empty panel are for the whole of it. */
function valueProperties(panel: TablePanel, { unit, thresholds }: PanelQuery): DynamicConfigValue[] {
  const colours =
    thresholds === undefined
      ? []
      : [
          { id: 'thresholds', value: { mode: ThresholdsMode.Absolute, steps: thresholdSteps(thresholds) } },
          { id: 'custom.cellOptions', value: { type: 'color-background', mode: 'basic' } },
        ];
  return [
    { id: 'unit', value: GRAFANA_UNITS[unit ?? panel.unit] },
    { id: 'noValue', value: '-' },
    ...colours,
  ];
}

export function buildTable(dashboard: Dashboard, panel: TablePanel): PanelBuilder {
  const builder = withCommon(new PanelBuilder(), panel)
    .targets(buildTargets(panel, 'rows'))
    .transformations(buildTransformations(panel))
    .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.Thresholds))
    .filterable(true)
    .showHeader(true);
  for (const column of panel.columns)
    builder.overrideByName(column.header, labelProperties(dashboard, panel, column));
  for (const query of panel.queries) builder.overrideByName(query.legend, valueProperties(panel, query));
  const sorted = panel.queries[panel.sortBy];
  if (sorted === undefined) return builder;
  return builder.sortBy([
    new TableSortByFieldStateBuilder().displayName(sorted.legend).desc(!panel.isAscending),
  ]);
}
