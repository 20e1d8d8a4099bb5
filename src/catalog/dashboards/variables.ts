/** The variables of the dashboards. They cascade: an environment narrows the servers, a server its databases. */
import { DECLARED_SERVERS } from '../recordings/servers.ts';

export interface Variable {
  /** As in `$instance`. */
  readonly name: 'environment' | 'instance' | 'database' | 'host' | 'queryid';
  readonly label: string;
  /** Grafana's `label_values(series, label)`. */
  readonly series: string;
  readonly valueLabel: string;
  readonly isMulti: boolean;
  /** True: may also be "All", the default, which matches everything, servers without the label too. */
  readonly hasAll: boolean;
}

export const ENVIRONMENT: Variable = {
  name: 'environment',
  label: 'Environment',
  series: DECLARED_SERVERS,
  valueLabel: 'environment',
  isMulti: true,
  hasAll: true,
};

/** One server: dashboards about a server. */
export const SERVER: Variable = {
  name: 'instance',
  label: 'Server',
  series: `${DECLARED_SERVERS}{environment=~"$environment"}`,
  valueLabel: 'instance',
  isMulti: false,
  hasAll: false,
};

/** Any number of servers: dashboards about many. */
export const SERVERS: Variable = { ...SERVER, isMulti: true, hasAll: true };

export const DATABASE: Variable = {
  name: 'database',
  label: 'Database',
  series: 'pg_stat_database_xact_commit{instance=~"$instance", datname!~"template0|template1"}',
  valueLabel: 'datname',
  isMulti: true,
  hasAll: true,
};

/** Statements of pg_stat_statements; their texts are shown by `pgmon queries`. */
export const QUERY_ID: Variable = {
  name: 'queryid',
  label: 'Query id',
  series: 'pg_stat_statements_calls_total{instance=~"$instance", datname=~"$database"}',
  valueLabel: 'queryid',
  isMulti: true,
  hasAll: true,
};

/** A machine that node_exporter runs on. */
export const HOST: Variable = {
  name: 'host',
  label: 'Machine',
  series: 'node_uname_info',
  valueLabel: 'instance',
  isMulti: false,
  hasAll: false,
};
