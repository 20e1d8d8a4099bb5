import { describe, expect, it } from 'vitest';
import { SERVICE_NAMES } from '../../../src/conventions.ts';
import type { Native } from '../../../src/stack/native.ts';
import type { Stack } from '../../../src/stack/stack.ts';
import { createFullStack } from '../../support/full-stack-fixture.ts';
import { allFiles, renderForTest, serviceOf, textOf } from '../../support/rendering.ts';
import { createNativeStack, createServer } from '../../support/stack-fixture.ts';

const plain = createNativeStack();
const native = plain.native as Native;

/** TLS, basic auth, every receiver and client certificates, as programs of this machine. */
function fullStack(overrides: Partial<Stack> = {}): Stack {
  const { prometheus, delivery, servers, secrets } = createFullStack();
  return createNativeStack({
    prometheus: { ...plain.prometheus, web: prometheus.web },
    delivery,
    servers: [...plain.servers, ...servers.filter(({ isBundled, name }) => !isBundled && name !== 'orders')],
    secrets,
    ...overrides,
  });
}

const withKey = fullStack({
  servers: [
    createServer({
      tls: { ca: 'servers.orders.tls.ca', cert: 'servers.orders.tls.cert', key: 'servers.orders.tls.key' },
    }),
  ],
});
const grafanaEngine = fullStack({ alertmanager: null, alerts: { ...plain.alerts, engine: 'grafana' } });

/** Program text and dashboards are the same in both runtimes. */
const SAME_EVERYWHERE = /sql-exporter\.mjs$|grafana\/dashboards\/|^sql\//;
const CONTAINER_HOST = new RegExp(`\\b(?:${SERVICE_NAMES.join('|')}):\\d`);
const CONTAINER_PLACE =
  /\/run\/secrets|host\.docker\.internal|(?<![\w./-])\/(?:etc\/(?:prometheus|alertmanager|grafana|pgmon\/(?:config|sql-exporter\.mjs))|prometheus|alertmanager|var\/lib\/grafana|host|workload|tmp)\b/;

/** Everything that a native rendering says, by where it says it. */
function textsOf(stack: Stack): readonly (readonly [string, string])[] {
  const rendered = renderForTest(stack);
  return [
    ...allFiles(rendered)
      .filter(({ path }) => !SAME_EVERYWHERE.test(path))
      .map(({ path, content }) => [path, content] as const),
    ...rendered.services.map(
      ({ configInputs: _, labels: __, ...service }) => [service.name, JSON.stringify(service)] as const,
    ),
  ];
}

describe.each([
  ['a plain native stack', plain],
  ['a native stack with TLS and every receiver', fullStack()],
  ['a native stack with client certificates', withKey],
  ["a native stack with Grafana's engine", grafanaEngine],
] as const)('%s', (_title, stack) => {
  it('names no host of a container', () => {
    expect(textsOf(stack).filter(([, text]) => CONTAINER_HOST.test(text))).toEqual([]);
  });

  it('names no path of a container', () => {
    const found = textsOf(stack).flatMap(([where, text]) => {
      const [match] = CONTAINER_PLACE.exec(text) ?? [];
      return match === undefined ? [] : [[where, match]];
    });
    expect(found).toEqual([]);
  });

  it('has nothing that only a container has', () => {
    for (const service of renderForTest(stack).services) {
      const { entrypoint, tmpfs, extraHosts, capAdd, healthcheck, mounts } = service;
      expect([entrypoint, tmpfs, extraHosts, capAdd, healthcheck]).toEqual([[], [], [], [], null]);
      expect(mounts.filter(({ kind }) => kind !== 'volume')).toEqual([]);
    }
  });

  it('is asked over HTTP whether it is ready, every service at its own address', () => {
    for (const { name, ports, readiness } of renderForTest(stack).services) {
      const place = native.listen[name];
      expect(ports).toEqual([{ address: place?.address, hostPort: place?.port, containerPort: place?.port }]);
      expect(readiness).toMatchObject({ kind: 'http', containerPort: place?.port });
    }
  });
});

it('the same texts of containers are found', () => {
  const found = (pattern: RegExp) => textsOf(createFullStack()).filter(([, text]) => pattern.test(text));
  expect(found(CONTAINER_HOST).length).toBeGreaterThan(2);
  expect(found(CONTAINER_PLACE).map(([where]) => where)).toEqual(
    expect.arrayContaining([
      'prometheus',
      'alertmanager',
      'grafana',
      'sql-exporter',
      'node-exporter',
      'sql-exporter/config.mjs',
    ]),
  );
});

describe('a native service', () => {
  const rendered = renderForTest(fullStack());

  it('runs the program that the spec chose, as a user of its own', () => {
    const users = rendered.services.map(({ name, user, program }) => [name, user, program?.path]);
    expect(users).toEqual([
      ['postgres-exporter', 'pgmon', native.programs['postgres-exporter']?.path],
      ['postgres-exporter-slow', 'pgmon', native.programs['postgres-exporter']?.path],
      ['sql-exporter', 'pgmon', native.programs['sql-exporter']?.path],
      ['prometheus', 'pgmon-prometheus', native.programs.prometheus?.path],
      ['alertmanager', 'pgmon-alertmanager', native.programs.alertmanager?.path],
      ['node-exporter', 'pgmon-node', native.programs['node-exporter']?.path],
      ['grafana', 'pgmon-grafana', native.programs.grafana?.path],
    ]);
  });

  it('listens where the spec says', () => {
    const flags = rendered.services.map(({ command }) =>
      command.filter((word) => word.startsWith('--web.listen-address')),
    );
    expect(flags.flat()).toEqual(
      [9187, 9188, 9090, 9093, 9100].map((port) => `--web.listen-address=127.0.0.1:${port}`),
    );
    expect(textOf(rendered, 'sql-exporter/config.mjs')).toContain('"address": "127.0.0.1",\n  "port": 9399,');
    expect(serviceOf(rendered, 'grafana').environment).toMatchObject({
      GF_SERVER_HTTP_ADDR: '127.0.0.1',
      GF_SERVER_HTTP_PORT: '3000',
    });
  });

  it('keeps data below /var/lib/pgmon/<stack>', () => {
    const targets = rendered.services.flatMap(({ mounts }) =>
      mounts.map(({ source, target }) => [source, target]),
    );
    expect(targets).toEqual([
      ['prometheus-data', '/var/lib/pgmon/native/prometheus'],
      ['alertmanager-data', '/var/lib/pgmon/native/alertmanager'],
      ['grafana-data', '/var/lib/pgmon/native/grafana'],
    ]);
    expect(serviceOf(rendered, 'prometheus').command).toContain(
      '--storage.tsdb.path=/var/lib/pgmon/native/prometheus',
    );
    expect(serviceOf(rendered, 'alertmanager').command).toContain(
      '--storage.path=/var/lib/pgmon/native/alertmanager',
    );
  });

  it('reads its secrets from credentials of its own unit', () => {
    expect(serviceOf(rendered, 'prometheus').command).toContain(
      '--web.config.file=/run/credentials/pgmon-native-prometheus.service/web.yml',
    );
    expect(serviceOf(rendered, 'grafana').environment).toMatchObject({
      GF_SECURITY_ADMIN_PASSWORD:
        '$__file{/run/credentials/pgmon-native-grafana.service/grafana.adminPassword}',
    });
    expect(textOf(rendered, 'alertmanager/alertmanager.yml')).toContain(
      '"/run/credentials/pgmon-native-alertmanager.service/receivers.pager.routingKey"',
    );
  });

  it('reads every secret from a file that is rendered for it', () => {
    const paths = new Set(rendered.secretFiles.map(({ path }) => path));
    const texts = textsOf(fullStack()).map(([, text]) => text);
    const used = texts.flatMap((text) => [
      ...text.matchAll(/\/run\/credentials\/pgmon-native-([a-z-]+)\.service\/([\w.%-]+)/g),
    ]);
    expect(used.length).toBeGreaterThan(15);
    const missing = used.filter(([, service, file]) => !paths.has(`secrets/${service}/${file}`));
    expect(missing.map(([text]) => text)).toEqual([]);
  });

  it('has client keys copied to its runtime directory', () => {
    const text = textOf(renderForTest(withKey), 'secrets/postgres-exporter/postgres_exporter.yml');
    expect(text).toContain('sslkey: "/run/pgmon-native-postgres-exporter/servers.orders.tls.key.client-key"');
    expect(text).toContain(
      'sslcert: "/run/credentials/pgmon-native-postgres-exporter.service/servers.orders.tls.cert"',
    );
  });

  it('has no configuration for a healthcheck', () => {
    expect(rendered.files.map(({ path }) => path)).not.toContain('prometheus/probe.yml');
  });
});

describe('node_exporter on this machine', () => {
  const { command } = serviceOf(renderForTest(plain), 'node-exporter');

  it('reads the machine itself, network included', () => {
    expect(command.filter((word) => word.startsWith('--path.'))).toEqual([]);
    expect(command.filter((word) => word.startsWith('--no-collector.'))).toEqual([
      '--no-collector.systemd',
      '--no-collector.textfile',
    ]);
  });
});
