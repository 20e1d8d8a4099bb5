/** The dashboards that ship with pgmon, as Grafana gets them; only what tests look at is typed. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { PACKAGE_DIR } from './stack-fixture.ts';

export const DASHBOARDS_DIR = path.join(PACKAGE_DIR, 'templates', 'dashboards');

interface DataSource {
  readonly type: string;
  readonly uid: string;
}

export interface FilePanel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly datasource?: DataSource;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly {
    readonly refId: string;
    readonly expr: string;
    readonly datasource: DataSource;
  }[];
  readonly fieldConfig?: { readonly defaults: { readonly unit?: string } };
}

export interface FileVariable {
  readonly name: string;
  readonly label: string;
  readonly type: string;
  readonly query: string | { readonly query: string };
  readonly refresh?: number;
  readonly multi: boolean;
  readonly allValue?: string;
  readonly datasource?: DataSource;
}

export interface FileDashboard {
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly editable: boolean;
  readonly schemaVersion: number;
  readonly panels: readonly FilePanel[];
  readonly annotations: {
    readonly list: readonly { readonly name: string; readonly target?: { readonly expr?: string } }[];
  };
  readonly templating: { readonly list: readonly FileVariable[] };
}

/** File name and text, in the order of the names. */
export function readDashboardTexts(): readonly { readonly name: string; readonly text: string }[] {
  return readdirSync(DASHBOARDS_DIR)
    .toSorted()
    .map((name) => ({ name, text: readFileSync(path.join(DASHBOARDS_DIR, name), 'utf8') }));
}

export function readDashboards(): readonly FileDashboard[] {
  return readDashboardTexts().map(({ text }) => JSON.parse(text) as FileDashboard);
}
