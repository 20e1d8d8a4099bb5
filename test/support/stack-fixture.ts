/** A resolved stack made by hand: what the demo asks for, to be changed one field at a time. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { COMPONENTS, type ComponentName, upstreamReference } from '../../src/catalog/components.ts';
import type { Program } from '../../src/stack/native.ts';
import type { Published, Server, ServiceSettings, Stack } from '../../src/stack/stack.ts';

const MIB = 1024 * 1024;
export const PACKAGE_DIR = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

function settings(name: ComponentName, port: number | null, memoryBytes: number): ServiceSettings {
  const { version } = COMPONENTS[name];
  const published: Published | null = port === null ? null : { address: '127.0.0.1', port };
  return {
    image: { reference: upstreamReference(name, version), version, chosenBy: 'catalog' },
    published,
    memoryBytes,
    pidsLimit: 256,
  };
}

/** A server outside the stack; `overrides` win. */
export function createServer(overrides: Partial<Server> = {}): Server {
  const name = overrides.name ?? 'orders';
  return {
    name,
    isBundled: false,
    host: 'db1.example.com',
    port: 5432,
    scrapeHost: 'db1.example.com',
    database: 'postgres',
    user: 'pgmon',
    password: `servers.${name}.password`,
    sslMode: 'require',
    tls: { ca: null, cert: null, key: null },
    majorVersion: 18,
    labels: { datacenter: 'local', environment: 'demo' },
    databases: 'all',
    alerts: { overrides: {}, disabled: [] },
    slo: null,
    admin: null,
    ...overrides,
  };
}

/** The bundled demo server with every service on; `overrides` win. `secrets` lists the ones that this default names. */
export function createStack(overrides: Partial<Stack> = {}): Stack {
  return {
    name: 'demo',
    runtime: 'docker',
    native: null,
    specName: 'demo.yaml',
    externalLabels: { stack: 'demo' },
    scrape: {
      intervalSeconds: 15,
      timeoutSeconds: 10,
      evaluationIntervalSeconds: 15,
      slowIntervalSeconds: 60,
    },
    alerts: { overrides: {}, disabled: [], engine: 'alertmanager', runbookUrl: null },
    healthcheckIntervalSeconds: 15,
    servers: [
      createServer({
        name: 'app',
        isBundled: true,
        host: 'postgres',
        scrapeHost: 'postgres',
        database: 'app',
        sslMode: 'disable',
      }),
    ],
    postgres: {
      ...settings('postgres', null, 512 * MIB),
      database: 'app',
      superuserPassword: 'postgres.superuserPassword',
      workloadPassword: 'postgres.workloadPassword',
      workloadClients: 4,
      workloadRate: 50,
      workloadScale: 10,
      isDisposable: true,
    },
    postgresExporter: {
      ...settings('postgres-exporter', 9187, 128 * MIB),
      collectors: {},
      dropTableMetrics: false,
    },
    sqlExporter: {
      ...settings('sql-exporter', 9399, 192 * MIB),
      topTables: 50,
      maxDatabases: 100,
      customMetrics: [],
    },
    prometheus: {
      ...settings('prometheus', 9090, 1024 * MIB),
      web: { basicAuth: null, tls: null },
      retentionTime: '30d',
      retentionSize: '50GB',
      externalUrl: null,
    },
    alertmanager: { ...settings('alertmanager', 9093, 128 * MIB), externalUrl: null },
    delivery: {
      receivers: [],
      defaultReceiver: null,
      routes: [],
      groupBy: ['environment', 'instance'],
      groupWait: 30,
      groupInterval: 300,
      repeatInterval: 14_400,
      muteTimes: [],
      deadManSwitch: null,
    },
    nodeExporter: { ...settings('node-exporter', 9100, 64 * MIB), remoteTargets: [] },
    grafana: {
      ...settings('grafana', 3000, 512 * MIB),
      adminUser: 'admin',
      adminPassword: 'grafana.adminPassword',
      secretKey: 'grafana.secretKey',
      rootUrl: null,
    },
    dashboards: { directory: '/srv/pgmon/dashboards', shownDirectory: 'dashboards', community: [] },
    secrets: [
      'grafana.adminPassword',
      'grafana.secretKey',
      'postgres.superuserPassword',
      'postgres.workloadPassword',
      'servers.app.password',
    ].map((id) => ({ id, source: { kind: 'generated', length: 32 } })),
    ...overrides,
  };
}

const NATIVE_PROGRAMS = {
  'postgres-exporter': 'postgres_exporter',
  'sql-exporter': 'bin/node',
  prometheus: 'prometheus',
  alertmanager: 'alertmanager',
  'node-exporter': 'node_exporter',
  grafana: 'bin/grafana',
} as const satisfies Partial<Record<ComponentName, string>>;

/** A program that must be there already, where archives are unpacked by default. */
function installedProgram(component: keyof typeof NATIVE_PROGRAMS): Program {
  const { version, minimumVersion } = COMPONENTS[component];
  const path = `/opt/pgmon/${component}-${version}/${NATIVE_PROGRAMS[component]}`;
  return { component, version, minimumVersion, path, source: { kind: 'installed' } };
}

/** The same service as a program of this machine. */
function native<T extends ServiceSettings>(settings: T, component: ComponentName): T {
  const { version } = settings.image;
  return { ...settings, image: { reference: `${component} ${version}`, version, chosenBy: 'catalog' } };
}

const local = (port: number): Published => ({ address: '127.0.0.1', port });

/** One server on the local socket with peer authentication, one elsewhere with a password; every native service on. */
export function createNativeStack(overrides: Partial<Stack> = {}): Stack {
  const base = createStack();
  return {
    ...base,
    name: 'native',
    runtime: 'native',
    specName: 'native.yaml',
    externalLabels: { stack: 'native' },
    native: {
      programs: Object.fromEntries(
        (Object.keys(NATIVE_PROGRAMS) as (keyof typeof NATIVE_PROGRAMS)[]).map((name) => [
          name,
          installedProgram(name),
        ]),
      ),
      listen: {
        prometheus: local(9090),
        'postgres-exporter': local(9187),
        'postgres-exporter-slow': local(9188),
        'sql-exporter': local(9399),
        alertmanager: local(9093),
        'node-exporter': local(9100),
        grafana: local(3000),
      },
      collectorUser: 'pgmon',
    },
    servers: [
      createServer({
        name: 'app',
        host: '/var/run/postgresql',
        scrapeHost: '/var/run/postgresql',
        password: null,
        sslMode: 'disable',
      }),
      createServer({ name: 'orders' }),
    ],
    postgres: null,
    postgresExporter: native(base.postgresExporter, 'postgres-exporter'),
    sqlExporter: base.sqlExporter && native(base.sqlExporter, 'sql-exporter'),
    prometheus: native(base.prometheus, 'prometheus'),
    alertmanager: base.alertmanager && native(base.alertmanager, 'alertmanager'),
    nodeExporter: base.nodeExporter && native(base.nodeExporter, 'node-exporter'),
    grafana: base.grafana && native(base.grafana, 'grafana'),
    secrets: [
      { id: 'grafana.adminPassword', source: { kind: 'generated', length: 32 } },
      { id: 'grafana.secretKey', source: { kind: 'generated', length: 32 } },
      {
        id: 'servers.orders.password',
        source: { kind: 'file', path: '/srv/pgmon/secrets/orders-password', trim: true },
      },
    ],
    ...overrides,
  };
}

/** Every template of the package by its path and the built program, as `renderStack` takes them. */
export function readTemplatesForTest(): ReadonlyMap<string, string> {
  const dir = path.join(PACKAGE_DIR, 'templates');
  const names = [
    ...readdirSync(dir).filter((name) => /\.(hbs|json)$/.test(name)),
    ...readdirSync(path.join(dir, 'dashboards')).map((name) => `dashboards/${name}`),
  ];
  const program = readFileSync(path.join(PACKAGE_DIR, 'dist', 'sql-exporter.mjs'), 'utf8');
  const templates = names.map((name) => [name, readFileSync(path.join(dir, name), 'utf8')] as const);
  return new Map([...templates, ['sql-exporter.mjs', program]]);
}
