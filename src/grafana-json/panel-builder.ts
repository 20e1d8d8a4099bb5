/** What all kinds of panels have in common: names, texts, data source, unit. */
import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  type DashboardLink,
  DashboardLinkBuilder,
  type DataSourceRef,
  type DynamicConfigValue,
  type FieldColor,
  FieldColorBuilder,
  FieldColorModeId,
  type Panel as GrafanaPanel,
  type ThresholdsConfig,
  ThresholdsConfigBuilder,
  ThresholdsMode,
} from '@grafana/grafana-foundation-sdk/dashboard';
import type { Dashboard } from '../catalog/dashboards/dashboard.ts';
import type { Panel } from '../catalog/dashboards/panel.ts';
import type { Thresholds } from '../catalog/dashboards/thresholds.ts';
import { PROMETHEUS } from './data-source.ts';
import { buildDataLink } from './links.ts';
import { thresholdSteps } from './palette.ts';
import { stableId } from './stable-id.ts';
import { describePanel, emptyText } from './texts.ts';
import { GRAFANA_UNITS } from './units.ts';

/** The SDK has a builder for each kind without a common type. */
export interface PanelBuilder extends Builder<GrafanaPanel> {
  id(id: number): this;
  title(title: string): this;
  description(description: string): this;
  datasource(datasource: DataSourceRef): this;
  unit(unit: string): this;
  decimals(decimals: number): this;
  noValue(noValue: string): this;
  thresholds(thresholds: Builder<ThresholdsConfig>): this;
  colorScheme(color: Builder<FieldColor>): this;
  dataLinks(links: Builder<DashboardLink>[]): this;
  overrideByName(name: string, properties: DynamicConfigValue[]): this;
  overrideByQuery(queryRefId: string, properties: DynamicConfigValue[]): this;
}

export function buildThresholds(thresholds: Thresholds): ThresholdsConfigBuilder {
  return new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps(thresholdSteps(thresholds));
}

/** Of the value's threshold where there are any, otherwise always the same. */
export function valueColour({ thresholds }: Pick<Panel, 'thresholds'>, otherwise: string): FieldColorBuilder {
  return thresholds === undefined
    ? new FieldColorBuilder().mode(FieldColorModeId.Fixed).fixedColor(otherwise)
    : new FieldColorBuilder().mode(FieldColorModeId.Thresholds);
}

/** Links of the panel's series; tables have theirs in columns. */
export function seriesLinks(dashboard: Dashboard, { links = [] }: Panel): DashboardLinkBuilder[] {
  return links.map((link) => {
    const { title, url } = buildDataLink(dashboard, link, 'series');
    return new DashboardLinkBuilder(title).url(url);
  });
}

/** Fills in what every panel has; returns the same builder. */
export function withCommon<B extends PanelBuilder>(builder: B, panel: Panel): B {
  const empty = emptyText(panel);
  builder
    .id(stableId(panel.id))
    .title(panel.title)
    .description(describePanel(panel))
    .datasource(PROMETHEUS)
    .unit(GRAFANA_UNITS[panel.unit]);
  if (panel.decimals !== undefined) builder.decimals(panel.decimals);
  if (panel.thresholds !== undefined) builder.thresholds(buildThresholds(panel.thresholds));
  if (empty !== null) builder.noValue(empty);
  return builder;
}
