/** Every name that more than one part of pgmon must agree on: labels, services, jobs, ports, paths. Decides nothing. */

export const API_VERSION = 'pgmon/v1';

/** Labels that Docker Compose itself puts on what it makes; with them `docker compose ps/logs/down` see pgmon's containers. */
export const COMPOSE_LABELS = {
  project: 'com.docker.compose.project',
  service: 'com.docker.compose.service',
  configHash: 'com.docker.compose.config-hash',
  containerNumber: 'com.docker.compose.container-number',
  oneoff: 'com.docker.compose.oneoff',
  dependsOn: 'com.docker.compose.depends_on',
  image: 'com.docker.compose.image',
  workingDir: 'com.docker.compose.project.working_dir',
  configFiles: 'com.docker.compose.project.config_files',
  version: 'com.docker.compose.version',
  network: 'com.docker.compose.network',
  volume: 'com.docker.compose.volume',
} as const;

/** pgmon's own labels. They stand in the rendered docker-compose.yml too, so both ways of starting agree. */
export const PGMON_LABELS = {
  /** Stack name; its presence says "made by pgmon". */
  stack: 'io.pgmon.stack',
  /** sha256 over the service's definition and the files whose change needs a new container. */
  serviceHash: 'io.pgmon.service-hash',
} as const;

/** Names of compose services; also the host names on the stack's network. */
export const SERVICE_NAMES = [
  'postgres',
  'workload',
  'postgres-exporter',
  'postgres-exporter-slow',
  'sql-exporter',
  'prometheus',
  'alertmanager',
  'node-exporter',
  'grafana',
] as const;
export type ServiceName = (typeof SERVICE_NAMES)[number];

/** Services that the others can do without: what `--without` takes. */
export const OPTIONAL_SERVICES = [
  'grafana',
  'alertmanager',
  'node-exporter',
  'sql-exporter',
  'workload',
] as const;

/** Prometheus job names. */
export const JOBS = {
  prometheus: 'prometheus',
  /** Every server through the fast collectors, at the scrape interval; `up` and `pg_up` of this job say whether a server is up. */
  postgresql: 'postgresql',
  /** Every server through the slow or costly collectors, at the slow interval. */
  postgresqlSlow: 'postgresql-slow',
  /** Every server through pgmon's SQL exporter, at the slow interval. */
  postgresqlSql: 'postgresql-sql',
  /** The exporters' own processes. */
  postgresExporter: 'postgres-exporter',
  sqlExporter: 'sql-exporter',
  node: 'node',
  alertmanager: 'alertmanager',
  grafana: 'grafana',
} as const;

/** Ports inside the containers; also the default host ports (all but PostgreSQL's, which is not published by default). */
export const CONTAINER_PORTS = {
  postgres: 5432,
  prometheus: 9090,
  'postgres-exporter': 9187,
  'sql-exporter': 9399,
  grafana: 3000,
  alertmanager: 9093,
  'node-exporter': 9100,
} as const;

/** Names in the routing of alerts that are pgmon's own. */
export const DELIVERY_NAMES = {
  /** Takes what goes to nobody. */
  noReceiver: 'pgmon-no-receiver',
  /** The alert that always fires. */
  watchdog: 'Watchdog',
  /** Grafana's own alert, with `engine: grafana` only; it is not in the catalogue. */
  prometheusUnreachable: 'PrometheusUnreachable',
  /** What `pgmon alert test` sends, past all routes of the spec, to the receiver that the label names. */
  testAlert: 'PgmonDeliveryTest',
  testReceiverLabel: 'pgmon_receiver',
} as const;

export const DEFAULT_SPEC_FILE = 'pgmon.yaml';
export const LOCK_FILE = 'pgmon.lock.yaml';
/** Default output directory, below the spec's own directory; the stack's name is appended. */
export const DEFAULT_OUT_DIR = '.pgmon';
export const COMPOSE_FILE = 'docker-compose.yml';
/** Top directories below the output directory that hold rendered files; the only ones where old ones are removed. */
export const RENDERED_DIRS = [
  'alertmanager',
  'grafana',
  'postgres',
  'prometheus',
  'sql',
  'sql-exporter',
  'workload',
] as const;
/** 0700 on the host; each service's own directory below it is mounted read-only at SECRETS_MOUNT. */
export const SECRETS_DIR = 'secrets';
export const SECRETS_MOUNT = '/run/secrets';
/** Generated secret values, one file (0600) each, below SECRETS_DIR; never mounted. */
export const GENERATED_SECRETS_DIR = 'secrets/generated';

/** Never change: Grafana refuses a provisioned data source whose uid changed (grafana/grafana#110740). */
export const DATA_SOURCE_UID = 'pgmon-prometheus';
export const DATA_SOURCE_NAME = 'pgmon Prometheus';
export const DASHBOARD_FOLDER = 'PostgreSQL Monitoring';
export const DASHBOARD_FOLDER_UID = 'pgmon-postgresql';
/** For the user's own dashboards: unlike pgmon's they may be changed in Grafana. */
export const MORE_DASHBOARDS_FOLDER = 'PostgreSQL Monitoring: more';
export const MORE_DASHBOARDS_FOLDER_UID = 'pgmon-more';
/** Below the output directory. */
export const MORE_DASHBOARDS_DIR = 'grafana/more-dashboards';
/** Where they are kept beside the spec, unless it says otherwise. */
export const DEFAULT_DASHBOARDS_DIR = 'dashboards';

/** The role of the demo workload on the bundled server; owns pgbench's tables and nothing else. */
export const WORKLOAD_ROLE = 'workload';

export const GENERATED_MARK = 'Generated by pgmon';

/** First line (without comment sign) of every rendered file; a file lacking GENERATED_MARK is never overwritten. */
export function headerText(version: string, specName: string): string {
  return `${GENERATED_MARK} ${version} from ${specName}. DO NOT EDIT.`;
}
