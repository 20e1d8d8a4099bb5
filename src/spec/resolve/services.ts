/** Each service of the stack from its section of the spec. */

import type { Delivery } from '../../stack/delivery.ts';
import type { Lock } from '../../stack/lock.ts';
import type {
  Alertmanager,
  BundledPostgres,
  Grafana,
  NodeExporter,
  PostgresExporter,
  Prometheus,
  SqlExporter,
  WebSecurity,
} from '../../stack/stack.ts';
import type { Spec } from '../schema/spec.ts';
import { durationSeconds, prometheusSize } from '../units.ts';
import { resolveCustomMetrics } from './alerts.ts';
import { resolveReceiver } from './receivers.ts';
import type { SecretBook } from './secrets.ts';
import { publishedOf, resolveSettings } from './settings.ts';

export interface Resolving {
  readonly spec: Spec;
  readonly lock: Lock;
  readonly secrets: SecretBook;
  readonly hasWorkload: boolean;
}

const seconds = (text: string): number => durationSeconds(text) ?? 0;

export function resolvePostgres(resolving: Resolving): BundledPostgres | null {
  const bundled = resolving.spec.servers.find((server) => server.bundled !== undefined)?.bundled;
  if (bundled === undefined) return null;
  const published = bundled.port === undefined ? null : { address: bundled.bind, port: bundled.port };
  const { workload } = bundled;
  const workloadClients = resolving.hasWorkload ? (workload?.clients ?? 0) : 0;
  return {
    ...resolveSettings(resolving, 'postgres', { ...bundled, published }),
    database: bundled.database,
    superuserPassword: resolving.secrets.add('postgres.superuserPassword', bundled.superuserPassword),
    workloadPassword:
      workloadClients === 0 ? null : resolving.secrets.add('postgres.workloadPassword', { generate: true }),
    workloadClients,
    workloadRate: workload?.rate ?? 0,
    workloadScale: workload?.scale ?? 0,
    isDisposable: bundled.disposable,
  };
}

export function resolvePostgresExporter(resolving: Resolving): PostgresExporter {
  const section = resolving.spec.postgresExporter;
  const { enable, disable } = section.collectors;
  const collectors = [
    ...enable.map((name) => [name, true] as const),
    ...disable.map((name) => [name, false] as const),
  ];
  return {
    ...resolveSettings(resolving, 'postgres-exporter', {
      ...section,
      published: publishedOf(resolving.spec, section),
    }),
    collectors: Object.fromEntries(collectors.toSorted(([a], [b]) => (a < b ? -1 : 1))),
    dropTableMetrics: !section.tableMetrics,
  };
}

export function resolveSqlExporter(resolving: Resolving): SqlExporter {
  const section = resolving.spec.sqlExporter;
  return {
    ...resolveSettings(resolving, 'sql-exporter', {
      ...section,
      published: publishedOf(resolving.spec, section),
    }),
    topTables: section.topTables,
    maxDatabases: section.maxDatabases,
    customMetrics: resolveCustomMetrics(resolving.spec),
  };
}

function resolveWeb({ spec, secrets }: Resolving): WebSecurity {
  const { basicAuth, tls } = spec.prometheus;
  const password =
    basicAuth === undefined ? null : secrets.add('prometheus.basicAuth.password', basicAuth.password);
  return {
    basicAuth:
      basicAuth === undefined || password === null
        ? null
        : {
            user: basicAuth.user,
            password,
            passwordHash: secrets.addHash('prometheus.basicAuth.passwordHash', password),
          },
    tls:
      tls === undefined
        ? null
        : {
            cert: secrets.addFile('prometheus.tls.cert', tls.cert) ?? '',
            key: secrets.addFile('prometheus.tls.key', tls.key) ?? '',
            ca: secrets.addFile('prometheus.tls.ca', tls.ca),
            serverName: tls.serverName,
          },
  };
}

export function resolvePrometheus(resolving: Resolving): Prometheus {
  const { prometheus, retention } = resolving.spec;
  return {
    ...resolveSettings(resolving, 'prometheus', {
      ...prometheus,
      published: publishedOf(resolving.spec, prometheus),
    }),
    web: resolveWeb(resolving),
    retentionTime: retention.time === 'none' ? null : retention.time,
    retentionSize: retention.size === 'none' ? null : prometheusSize(retention.size),
    externalUrl: prometheus.externalUrl ?? null,
  };
}

export function resolveAlertmanager(resolving: Resolving): Alertmanager {
  const { alertmanager } = resolving.spec;
  return {
    ...resolveSettings(resolving, 'alertmanager', {
      ...alertmanager,
      published: publishedOf(resolving.spec, alertmanager),
    }),
    externalUrl: alertmanager.externalUrl ?? null,
  };
}

export function resolveDelivery(resolving: Resolving): Delivery {
  const { grouping, muteTimes = [], deadManSwitch, ...alerting } = resolving.spec.alerting;
  return {
    receivers: alerting.receivers.flatMap((receiver) => resolveReceiver(receiver, resolving.secrets)),
    defaultReceiver: alerting.defaultReceiver ?? null,
    routes: alerting.routes.map((route) => ({
      receiver: route.receiver,
      match: route.match,
      continues: route.continue,
      mute: route.mute ?? [],
    })),
    groupBy: grouping.by,
    groupWait: seconds(grouping.wait),
    groupInterval: seconds(grouping.interval),
    repeatInterval: seconds(grouping.repeat),
    muteTimes,
    deadManSwitch:
      deadManSwitch === undefined
        ? null
        : { receiver: deadManSwitch.receiver, intervalSeconds: seconds(deadManSwitch.interval) },
  };
}

export function resolveNodeExporter(resolving: Resolving): NodeExporter {
  const { nodeExporter } = resolving.spec;
  return {
    ...resolveSettings(resolving, 'node-exporter', {
      ...nodeExporter,
      published: publishedOf(resolving.spec, nodeExporter),
    }),
    remoteTargets: nodeExporter.targets,
  };
}

export function resolveGrafana(resolving: Resolving): Grafana {
  const { grafana } = resolving.spec;
  return {
    ...resolveSettings(resolving, 'grafana', { ...grafana, published: publishedOf(resolving.spec, grafana) }),
    adminUser: grafana.adminUser,
    adminPassword: resolving.secrets.add('grafana.adminPassword', grafana.adminPassword),
    secretKey: resolving.secrets.add('grafana.secretKey', grafana.secretKey),
    rootUrl: grafana.rootUrl ?? null,
  };
}
