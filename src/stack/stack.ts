/**
 * The resolved stack: a spec with every default filled in, every name, port and image decided. Pure data;
 * `resolveStack` makes it, rendering and checks read it. All paths are absolute.
 */
import type { MoreDashboards } from './dashboard-file.ts';
import type { Delivery } from './delivery.ts';
import type { Native } from './native.ts';

/** What runs the services: containers or systemd. */
export type Runtime = 'docker' | 'native';

export type SslMode = 'disable' | 'require' | 'verify-ca' | 'verify-full';

/** Where a secret's value comes from. The value itself is never part of a Stack. */
export type SecretSource =
  | { readonly kind: 'env'; readonly name: string }
  /** `trim`: drop trailing line breaks (passwords); PEM files are taken as they are. */
  | { readonly kind: 'file'; readonly path: string; readonly trim: boolean }
  /** Made once from a cryptographic source and kept below the output directory. */
  | { readonly kind: 'generated'; readonly length: number }
  /** bcrypt hash of another secret; kept, and made anew only when it no longer fits. */
  | { readonly kind: 'bcrypt'; readonly of: string };

export interface Secret {
  /** Stable and unique, e.g. `servers.app-db.password`; also the file name of a generated one. */
  readonly id: string;
  readonly source: SecretSource;
}

export interface Image {
  /** What `docker pull` takes: `prom/prometheus:v3.5.3`, perhaps with `@sha256:…`. */
  readonly reference: string;
  /** The true version of the program inside, e.g. `3.5.3`. Rendering depends on it. */
  readonly version: string;
  readonly chosenBy: 'catalog' | 'spec' | 'lock';
}

/** A host address that a container's port is published on. */
export interface Published {
  readonly address: string;
  readonly port: number;
}

export interface ServiceSettings {
  readonly image: Image;
  /** Null: not published, reachable on the stack's network only. */
  readonly published: Published | null;
  readonly memoryBytes: number;
  readonly pidsLimit: number;
}

/** Ids of secrets whose files a TLS client needs; null where the spec names none. */
export interface TlsFiles {
  readonly ca: string | null;
  readonly cert: string | null;
  readonly key: string | null;
}

export interface Server {
  /** Unique; becomes the label `instance`. */
  readonly name: string;
  readonly isBundled: boolean;
  /** As seen from this machine: what the spec says. For the bundled server the service's name. */
  readonly host: string;
  readonly port: number;
  /** As seen from the exporter's container: `localhost` becomes `host.docker.internal`. */
  readonly scrapeHost: string;
  readonly database: string;
  readonly user: string;
  /** Secret id; null when the server asks for none (trust, peer, client certificate). */
  readonly password: string | null;
  readonly sslMode: SslMode;
  readonly tls: TlsFiles;
  /** PostgreSQL major version when the spec or the image tells it. */
  readonly majorVersion: number | null;
  /** Target labels besides `instance`: environment, datacenter and the user's own. */
  readonly labels: Readonly<Record<string, string>>;
  /** Databases whose tables, indexes and sequences the SQL exporter reads; `all` = it asks the server. */
  readonly databases: 'all' | readonly string[];
  /** Own thresholds and switched-off alerts; they win over the stack's. */
  readonly alerts: AlertChoices;
  readonly slo: Slo | null;
  /** Who may make the monitoring role; null = the spec names nobody. Only `pgmon role` reads the password. */
  readonly admin: AdminLogin | null;
}

/** A role that may make others. Its secret is not among `Stack.secrets`: no other command needs it. */
export interface AdminLogin {
  readonly user: string;
  /** Null: the server asks for none. */
  readonly password: Secret | null;
}

/** What the spec says about one alert; null = as in the catalogue. */
export interface AlertOverride {
  /** Threshold, in the unit of the catalogue's. */
  readonly value: number | null;
  readonly for: string | null;
  readonly keepFiringFor: string | null;
  readonly severity: 'critical' | 'warning' | 'info' | null;
}

export interface AlertChoices {
  /** By alert name. */
  readonly overrides: Readonly<Record<string, AlertOverride>>;
  readonly disabled: readonly string[];
}

/** Service level objectives of one server. */
export interface Slo {
  /** Percent of time that the server must answer, e.g. 99.9. */
  readonly availability: number;
  /** Days over which the objectives count. */
  readonly windowDays: number;
  /** A statement whose mean time in the window is above this counts as slow; null = no latency objective. */
  readonly latency: {
    readonly thresholdMs: number /** Percent of calls. */;
    readonly objective: number;
  } | null;
}

/** One metric of the user's own; the SQL exporter runs it. */
export interface CustomMetric {
  readonly name: string;
  readonly help: string;
  readonly type: 'gauge' | 'counter';
  readonly query: string;
  readonly value: string;
  readonly labels: readonly string[];
  readonly intervalSeconds: number;
  readonly minVersion: number | null;
  /** Null = every server. */
  readonly servers: readonly string[] | null;
}

export interface BundledPostgres extends ServiceSettings {
  readonly database: string;
  /** Secret id of the superuser's password. */
  readonly superuserPassword: string;
  /** Secret id of the password of WORKLOAD_ROLE, which the workload logs in as; null when there is no workload. */
  readonly workloadPassword: string | null;
  /** pgbench clients of the demo workload; 0 = no workload service. */
  readonly workloadClients: number;
  readonly workloadRate: number;
  readonly workloadScale: number;
  /** Throw-away data: initdb without fsync. Only the demo may say so. */
  readonly isDisposable: boolean;
}

export interface PostgresExporter extends ServiceSettings {
  /** Collector name -> on or off; only those that differ from the exporter's own default need a flag. */
  readonly collectors: Readonly<Record<string, boolean>>;
  /** Drop the per-table series (`pg_stat_user_tables_*`, `pg_statio_user_tables_*`) at scrape time. */
  readonly dropTableMetrics: boolean;
}

/** pgmon's own exporter for what postgres_exporter cannot see, and for the user's SQL. */
export interface SqlExporter extends ServiceSettings {
  /** The largest tables and indexes of each database that get series of their own. */
  readonly topTables: number;
  /** At most so many databases of a server are read. */
  readonly maxDatabases: number;
  readonly customMetrics: readonly CustomMetric[];
}

/** TLS and basic auth of a web endpoint, through the exporter-toolkit web configuration file. */
export interface WebSecurity {
  readonly basicAuth: {
    readonly user: string;
    readonly password: string;
    readonly passwordHash: string;
  } | null;
  readonly tls: {
    readonly cert: string;
    readonly key: string;
    readonly ca: string | null;
    readonly serverName: string;
  } | null;
}

export interface Prometheus extends ServiceSettings {
  readonly web: WebSecurity;
  /** Prometheus duration (`30d`) and size (`50GB`); null = no limit of that kind. */
  readonly retentionTime: string | null;
  readonly retentionSize: string | null;
  readonly externalUrl: string | null;
}

export type Alertmanager = ServiceSettings & { readonly externalUrl: string | null };

export interface NodeExporter extends ServiceSettings {
  /** Other machines' node_exporters to scrape as well, `host:port`. */
  readonly remoteTargets: readonly {
    readonly address: string;
    readonly labels: Readonly<Record<string, string>>;
  }[];
}

export interface Grafana extends ServiceSettings {
  readonly adminUser: string;
  /** Secret ids. */
  readonly adminPassword: string;
  readonly secretKey: string;
  readonly rootUrl: string | null;
}

export interface Stack {
  readonly name: string;
  readonly runtime: Runtime;
  /** Null with `runtime: docker`. */
  readonly native: Native | null;
  /** The spec's file name, for headers and messages. */
  readonly specName: string;
  /** Added to everything that leaves Prometheus. */
  readonly externalLabels: Readonly<Record<string, string>>;
  readonly scrape: {
    readonly intervalSeconds: number;
    readonly timeoutSeconds: number;
    readonly evaluationIntervalSeconds: number;
    /** For what changes slowly or costs much. */
    readonly slowIntervalSeconds: number;
  };
  readonly alerts: AlertChoices & {
    /** Who evaluates and sends: Prometheus with Alertmanager, or Grafana. Never both. */
    readonly engine: 'alertmanager' | 'grafana';
    /** Where people read the runbooks, without a final `/`; null = only `pgmon runbook`. */
    readonly runbookUrl: string | null;
  };
  readonly healthcheckIntervalSeconds: number;
  /** In the order of the spec; names unique. */
  readonly servers: readonly Server[];
  readonly postgres: BundledPostgres | null;
  readonly postgresExporter: PostgresExporter;
  readonly sqlExporter: SqlExporter | null;
  readonly prometheus: Prometheus;
  readonly delivery: Delivery;
  /** Null with `engine: grafana`, or when left out. */
  readonly alertmanager: Alertmanager | null;
  readonly nodeExporter: NodeExporter | null;
  readonly grafana: Grafana | null;
  /** The user's own dashboards and those of grafana.com. */
  readonly dashboards: MoreDashboards;
  /** Every secret that any part above names by id, sorted by id. */
  readonly secrets: readonly Secret[];
}
