/**
 * The resolved stack: a spec with every default filled in, every name, port and image decided. Pure data;
 * `resolveStack` makes it, rendering and checks read it. All paths are absolute.
 */
import type { ComponentName } from '../catalog/components.ts';

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

/** One receiver of the spec; `secrets` maps a field's name to a secret id. */
export type Receiver =
  | {
      readonly kind: 'webhook';
      readonly name: string;
      readonly url: string | null;
      readonly urlSecret: string | null;
      readonly sendResolved: boolean;
    }
  | {
      readonly kind: 'slack';
      readonly name: string;
      readonly urlSecret: string;
      readonly channel: string;
      readonly sendResolved: boolean;
    }
  | {
      readonly kind: 'email';
      readonly name: string;
      readonly to: readonly string[];
      readonly from: string;
      readonly smarthost: string;
      readonly user: string | null;
      readonly passwordSecret: string | null;
      readonly requireTls: boolean;
      readonly sendResolved: boolean;
    }
  | {
      readonly kind: 'pagerduty';
      readonly name: string;
      readonly routingKeySecret: string;
      readonly sendResolved: boolean;
    }
  | {
      readonly kind: 'teams';
      readonly name: string;
      readonly urlSecret: string;
      readonly sendResolved: boolean;
    }
  | {
      readonly kind: 'telegram';
      readonly name: string;
      readonly tokenSecret: string;
      readonly chatId: number;
      readonly sendResolved: boolean;
    }
  | {
      readonly kind: 'discord';
      readonly name: string;
      readonly urlSecret: string;
      readonly sendResolved: boolean;
    };

export interface Route {
  readonly receiver: string;
  /** Label -> exact value, all must match; empty = every alert. */
  readonly match: Readonly<Record<string, string>>;
  readonly continues: boolean;
}

export interface Alertmanager extends ServiceSettings {
  readonly receivers: readonly Receiver[];
  /** Null: alerts are shown, not sent. */
  readonly defaultReceiver: string | null;
  readonly routes: readonly Route[];
  readonly groupBy: readonly string[];
  /** Seconds. */
  readonly groupWait: number;
  readonly groupInterval: number;
  readonly repeatInterval: number;
}

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
  readonly runtime: 'docker' | 'native';
  /** The spec's file name, for headers and messages. */
  readonly specName: string;
  /** Added to everything that leaves Prometheus. */
  readonly externalLabels: Readonly<Record<string, string>>;
  readonly scrape: {
    readonly intervalSeconds: number;
    readonly timeoutSeconds: number;
    readonly evaluationIntervalSeconds: number;
  };
  readonly healthcheckIntervalSeconds: number;
  /** In the order of the spec; names unique. */
  readonly servers: readonly Server[];
  readonly postgres: BundledPostgres | null;
  readonly postgresExporter: PostgresExporter;
  readonly prometheus: Prometheus;
  readonly alertmanager: Alertmanager | null;
  readonly nodeExporter: NodeExporter | null;
  readonly grafana: Grafana | null;
  /** Every secret that any part above names by id, sorted by id. */
  readonly secrets: readonly Secret[];
}

/** The image of each component that the stack runs. */
export function imagesOf(stack: Stack): ReadonlyMap<ComponentName, Image> {
  const parts: readonly (readonly [ComponentName, ServiceSettings | null])[] = [
    ['postgres', stack.postgres],
    ['postgres-exporter', stack.postgresExporter],
    ['prometheus', stack.prometheus],
    ['alertmanager', stack.alertmanager],
    ['node-exporter', stack.nodeExporter],
    ['grafana', stack.grafana],
  ];
  return new Map(parts.flatMap(([name, part]) => (part === null ? [] : [[name, part.image] as const])));
}
