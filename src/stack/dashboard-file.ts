/** Dashboards that a user brings along: Grafana's classic JSON in files beside the spec. Types only. */

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

export interface JsonObject {
  readonly [key: string]: Json;
}

export interface DashboardFile {
  /** Name in the directory, with `.json`. */
  readonly name: string;
  /** Unique among a stack's dashboards. */
  readonly uid: string;
  readonly title: string;
  readonly content: JsonObject;
}

/** What the spec says of more dashboards. */
export interface MoreDashboards {
  /** Absolute. */
  readonly directory: string;
  /** As the spec has it, for messages. */
  readonly shownDirectory: string;
  /** Dashboards of grafana.com whose files must be there, in the order of the spec. */
  readonly community: readonly CommunityDashboard[];
}

export interface CommunityDashboard {
  readonly id: number;
  readonly revision: number;
}
