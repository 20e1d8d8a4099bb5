/** Every query goes to the data source that the reader chooses. */
import type { DataSourceRef } from '@grafana/grafana-foundation-sdk/dashboard';

export const DATA_SOURCE_VARIABLE = 'datasource';
export const PROMETHEUS: DataSourceRef = { type: 'prometheus', uid: `\${${DATA_SOURCE_VARIABLE}}` };
/** Grafana's own, which keeps annotations that people and programs post. */
export const GRAFANA: DataSourceRef = { type: 'grafana', uid: '-- Grafana --' };
