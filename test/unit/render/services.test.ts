import { describe, expect, it } from 'vitest';
import { PGMON_LABELS } from '../../../src/conventions.ts';
import type { Image, Stack } from '../../../src/stack/stack.ts';
import { createFullStack } from '../../support/full-stack-fixture.ts';
import { renderForTest, serviceOf, textOf } from '../../support/rendering.ts';
import { createServer, createStack } from '../../support/stack-fixture.ts';

const base = createStack();

function version(image: Image, newVersion: string): Image {
  return { ...image, version: newVersion };
}

function withPrometheus(change: Partial<Stack['prometheus']>): Stack {
  return createStack({ prometheus: { ...base.prometheus, ...change } });
}

function hashOf(stack: Stack, name: Parameters<typeof serviceOf>[1]): string | undefined {
  return serviceOf(renderForTest(stack), name).labels[PGMON_LABELS.serviceHash];
}

describe('every service', () => {
  const { services } = renderForTest(createFullStack());

  it('has a read-only root and memory and process limits', () => {
    expect(services.filter((service) => !service.isReadOnlyRoot)).toEqual([]);
    expect(services.filter((service) => service.memoryBytes <= 0 || service.pidsLimit <= 0)).toEqual([]);
  });

  it('adds no capability', () => {
    expect(services.flatMap((service) => service.capAdd)).toEqual([]);
  });

  it('is published on loopback only', () => {
    const addresses = services.flatMap((service) => service.ports.map((port) => port.address));
    expect(new Set(addresses)).toEqual(new Set(['127.0.0.1']));
  });

  it('has a healthcheck at the interval of the spec, but for the workload', () => {
    const intervals = services.map((service) => [service.name, service.healthcheck?.intervalSeconds ?? null]);
    expect(intervals.filter(([, interval]) => interval !== 15)).toEqual([['workload', null]]);
  });

  it('mounts its own secrets only', () => {
    for (const service of services) {
      const sources = service.mounts
        .map((mount) => mount.source)
        .filter((source) => source.startsWith('./secrets'));
      expect(sources).toEqual(service.secretsDir === null ? [] : [`./secrets/${service.name}`]);
    }
  });
});

describe('prometheus', () => {
  it('takes retention as flags before 3.11', () => {
    const rendered = renderForTest(base);
    expect(serviceOf(rendered, 'prometheus').command).toContain('--storage.tsdb.retention.time=30d');
    expect(textOf(rendered, 'prometheus/prometheus.yml')).not.toContain('retention');
  });

  it('takes retention in its file from 3.11 on', () => {
    const rendered = renderForTest(withPrometheus({ image: version(base.prometheus.image, '3.11.0') }));
    expect(serviceOf(rendered, 'prometheus').command.join(' ')).not.toContain('retention');
    expect(textOf(rendered, 'prometheus/prometheus.yml')).toContain(
      'retention:\n      time: "30d"\n      size: "50GB"\n',
    );
  });

  it('keeps data for ever when the spec names no limit at all', () => {
    const { command } = serviceOf(
      renderForTest(withPrometheus({ retentionTime: null, retentionSize: null })),
      'prometheus',
    );
    expect(command).toContain('--storage.tsdb.retention.time=100y');
  });

  it('has no endpoint that stops it', () => {
    expect(serviceOf(renderForTest(createFullStack()), 'prometheus').command.join(' ')).not.toContain(
      'lifecycle',
    );
  });

  it('is probed with wget as long as it is open, with credentials when it is secured', () => {
    expect(serviceOf(renderForTest(base), 'prometheus').healthcheck?.command[0]).toBe('wget');
    const secured = renderForTest(createFullStack());
    expect(serviceOf(secured, 'prometheus').healthcheck?.command).toEqual([
      'promtool',
      'check',
      'ready',
      '--http.config.file=/etc/prometheus/probe.yml',
      '--url=https://127.0.0.1:9090',
    ]);
    expect(textOf(secured, 'prometheus/probe.yml')).toContain('password_file');
  });
});

describe('postgres', () => {
  it.each([
    ['18.6', '/var/lib/postgresql'],
    ['17.2', '/var/lib/postgresql/data'],
  ])('of version %s keeps its data where the image declares its volume', (newVersion, target) => {
    const postgres = base.postgres && { ...base.postgres, image: version(base.postgres.image, newVersion) };
    const rendered = renderForTest(createStack({ postgres }));
    const volume = serviceOf(rendered, 'postgres').mounts.find((mount) => mount.kind === 'volume');
    expect(volume?.target).toBe(target);
    expect(serviceOf(rendered, 'workload').tmpfs).toContain(`${target}:size=1m`);
  });

  it('skips syncing only for data that may be lost', () => {
    const postgres = base.postgres && { ...base.postgres, isDisposable: false };
    const argumentsOf = (stack: Stack) =>
      serviceOf(renderForTest(stack), 'postgres').environment.POSTGRES_INITDB_ARGS;
    expect(argumentsOf(base)).toContain('--no-sync');
    expect(argumentsOf(createStack({ postgres }))).not.toContain('--no-sync');
  });

  it('gives the monitoring role pg_monitor and nothing else', () => {
    const sql = textOf(renderForTest(base), 'postgres/initdb/10-pgmon.sql');
    expect(sql.match(/^GRANT .*/gm)).toEqual([
      'GRANT pg_monitor TO "pgmon";',
      'GRANT CREATE ON SCHEMA public TO "workload";',
    ]);
  });

  it('has no workload when nobody asks for one', () => {
    const postgres = base.postgres && { ...base.postgres, workloadClients: 0, workloadPassword: null };
    const rendered = renderForTest(createStack({ postgres }));
    expect(rendered.services.map((service) => service.name)).not.toContain('workload');
    expect(rendered.files.map((file) => file.path)).not.toContain('workload/run.sh');
    expect(rendered.secretFiles.map((file) => file.path.split('/')[1])).not.toContain('workload');
  });
});

describe('postgres-exporter', () => {
  it('copies client keys where only it can read them, and does so only when there are any', () => {
    expect(serviceOf(renderForTest(base), 'postgres-exporter').entrypoint).toEqual([]);
    const rendered = renderForTest(createFullStack());
    expect(serviceOf(rendered, 'postgres-exporter').entrypoint.join(' ')).toContain('umask 077');
    const config = textOf(rendered, 'secrets/postgres-exporter/postgres_exporter.yml');
    expect(config).toContain('sslkey: "/tmp/servers.orders.tls.key.client-key"');
    expect(rendered.secretFiles.map((file) => file.path)).toContain(
      'secrets/postgres-exporter/servers.orders.tls.key.client-key',
    );
  });

  it('reaches this machine through the gateway when a server asks for it', () => {
    expect(serviceOf(renderForTest(base), 'postgres-exporter').extraHosts).toEqual([]);
    const servers = [createServer({ scrapeHost: 'host.docker.internal' })];
    expect(serviceOf(renderForTest(createStack({ servers })), 'postgres-exporter').extraHosts).toEqual([
      'host.docker.internal:host-gateway',
    ]);
  });

  it('keeps the statements of the monitoring roles out of the top queries', () => {
    const servers = [
      createServer({ user: 'b' }),
      createServer({ name: 'x', user: 'a' }),
      createServer({ name: 'y', user: 'b' }),
    ];
    const { command } = serviceOf(renderForTest(createStack({ servers })), 'postgres-exporter-slow');
    expect(command).toContain('--collector.stat_statements.exclude_users=a,b');
    expect(command).toContain('--collector.stat_statements.limit=100');
    expect(command.join(' ')).not.toContain('include_query');
  });
});

describe('postgres-exporter-slow', () => {
  const rendered = renderForTest(base);
  const [fast, slow] = [
    serviceOf(rendered, 'postgres-exporter'),
    serviceOf(rendered, 'postgres-exporter-slow'),
  ];
  const moduleOf = (service: string) =>
    textOf(rendered, `secrets/${service}/postgres_exporter.yml`).split('options:')[1];

  it('has the image and limits of the other process and publishes no port', () => {
    expect([slow.image, slow.memoryBytes, slow.pidsLimit]).toEqual([
      fast.image,
      fast.memoryBytes,
      fast.pidsLimit,
    ]);
    expect(slow.ports).toEqual([]);
    expect(fast.ports).toHaveLength(1);
  });

  it('ends connections and statements before the scrape of its job', () => {
    const config = textOf(rendered, 'prometheus/prometheus.yml');
    expect(config).toMatch(/job_name: postgresql-slow\n +scrape_interval: 60s\n +scrape_timeout: 30s/);
    expect(moduleOf('postgres-exporter')).toContain('connect_timeout: "4"');
    expect(moduleOf('postgres-exporter')).toContain('statement_timeout: "9000"');
    expect(moduleOf('postgres-exporter-slow')).toContain('connect_timeout: "14"');
    expect(moduleOf('postgres-exporter-slow')).toContain('statement_timeout: "29000"');
    expect(textOf(rendered, 'postgres/initdb/10-pgmon.sql')).toContain("statement_timeout = '29000ms'");
  });

  it('never lets a scrape take longer than its interval', () => {
    const scrape = { ...base.scrape, slowIntervalSeconds: 20 };
    const config = textOf(renderForTest(createStack({ scrape })), 'prometheus/prometheus.yml');
    expect(config).toMatch(/job_name: postgresql-slow\n +scrape_interval: 20s\n +scrape_timeout: 20s/);
  });

  it('is a target of its own beside the other process', () => {
    const config = textOf(rendered, 'prometheus/prometheus.yml');
    expect(config).toMatch(
      /job_name: postgres-exporter\n[^#]*postgres-exporter:9187\n +- postgres-exporter-slow:9187/,
    );
  });
});

describe('grafana', () => {
  it('gets its passwords as files', () => {
    const { environment } = serviceOf(renderForTest(base), 'grafana');
    expect(environment.GF_SECURITY_ADMIN_PASSWORD__FILE).toBe('/run/secrets/grafana.adminPassword');
    expect(environment.GF_SECURITY_SECRET_KEY__FILE).toBe('/run/secrets/grafana.secretKey');
    expect(environment.GF_SECURITY_ADMIN_PASSWORD).toBeUndefined();
  });

  it('updates no plugin at start from version 13 on', () => {
    const grafana = base.grafana && { ...base.grafana, image: version(base.grafana.image, '13.2.1') };
    const environment = serviceOf(renderForTest(createStack({ grafana })), 'grafana').environment;
    expect(environment.GF_PLUGINS_PREINSTALL_AUTO_UPDATE).toBe('false');
    expect(environment.GF_PLUGINS_PREINSTALL_DISABLED).toBeUndefined();
  });
});

describe('the service hash', () => {
  it('does not depend on pgmon, the spec’s name or files that are only reloaded', () => {
    const other = createStack({
      specName: 'other.yaml',
      scrape: { ...base.scrape, evaluationIntervalSeconds: 30 },
    });
    expect(hashOf(other, 'prometheus')).toBe(hashOf(base, 'prometheus'));
    expect(hashOf(other, 'workload')).toBe(hashOf(base, 'workload'));
    expect(hashOf(other, 'grafana')).toBe(hashOf(base, 'grafana'));
  });

  it('changes with the definition', () => {
    expect(hashOf(withPrometheus({ retentionTime: '1d' }), 'prometheus')).not.toBe(
      hashOf(base, 'prometheus'),
    );
  });

  it('changes with a file that is read only at start', () => {
    const postgres = base.postgres && { ...base.postgres, workloadRate: 7 };
    expect(hashOf(createStack({ postgres }), 'workload')).not.toBe(hashOf(base, 'workload'));
  });

  it('stands in docker-compose.yml too', () => {
    const rendered = renderForTest(base);
    const text = textOf(rendered, 'docker-compose.yml');
    for (const service of rendered.services) {
      expect(text).toContain(`"${PGMON_LABELS.serviceHash}": "${service.labels[PGMON_LABELS.serviceHash]}"`);
    }
  });
});
