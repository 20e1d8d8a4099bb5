/** The dashboards' variables: the data source first, then those of the catalogue, each narrowed by the ones before. */
import {
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard';
import type { Variable } from '../catalog/dashboards/variables.ts';
import { DATA_SOURCE_NAME, DATA_SOURCE_UID } from '../conventions.ts';
import { DATA_SOURCE_VARIABLE, PROMETHEUS } from './data-source.ts';

/** Matches servers without the label too. */
const ANYTHING = '.*';

/** The stack's own Prometheus unless the reader chooses another. */
export function buildDataSourceVariable(): DatasourceVariableBuilder {
  return new DatasourceVariableBuilder(DATA_SOURCE_VARIABLE)
    .label('Data source')
    .type('prometheus')
    .current({ selected: true, text: DATA_SOURCE_NAME, value: DATA_SOURCE_UID });
}

/** Asked anew when the time range changes: what was there then can be chosen. */
export function buildVariable({
  name,
  label,
  series,
  valueLabel,
  isMulti,
  hasAll,
}: Variable): QueryVariableBuilder {
  const query = `label_values(${series}, ${valueLabel})`;
  const builder = new QueryVariableBuilder(name)
    .label(label)
    .datasource(PROMETHEUS)
    .query({ qryType: 1, query, refId: 'PrometheusVariableQueryEditor-VariableQuery' })
    .definition(query)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalAsc)
    .multi(isMulti);
  if (!hasAll) return builder;
  const [text, value] = isMulti ? [['All'], ['$__all']] : ['All', '$__all'];
  return builder.includeAll(true).allValue(ANYTHING).current({ selected: true, text, value });
}
