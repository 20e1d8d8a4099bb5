/** What resolving decides: names, ports, images, secrets, and what it refuses to leave out silently. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { COMPONENTS } from '../../../src/catalog/components.ts';
import { formatIssue } from '../../../src/spec/issues.ts';
import { NOT_YET } from '../../../src/spec/not-yet.ts';
import { parseSpec } from '../../../src/spec/parse-spec.ts';
import { type ResolveOptions, type ResolveResult, resolveStack } from '../../../src/spec/resolve-stack.ts';
import { EMPTY_LOCK, type Lock, type LockedImage } from '../../../src/stack/lock.ts';
import type { Stack } from '../../../src/stack/stack.ts';

const HEAD = 'apiVersion: pgmon/v1\nname: x\n';
const SERVERS = 'servers: [{name: a, host: db.example.com}]\n';
const STACKS = path.resolve(import.meta.dirname, '../../../stacks');

function resolve(text: string, options: Partial<ResolveOptions> = {}): ResolveResult {
  const parsed = parseSpec(text, 'dir/spec.yaml');
  if (!parsed.ok) throw new Error(parsed.issues.map(formatIssue).join('\n'));
  return resolveStack(parsed.document, { specDir: '/etc/pg mon', lock: EMPTY_LOCK, without: [], ...options });
}

function stackOf(text: string, options: Partial<ResolveOptions> = {}): Stack {
  const result = resolve(text, options);
  if (!result.ok) throw new Error(result.issues.map(formatIssue).join('\n'));
  return result.stack;
}

function warningsOf(text: string): readonly string[] {
  const result = resolve(text);
  return result.ok ? result.warnings : [];
}

const NOT_SENT = 'alerts are shown, not sent: `alerting.receivers` is empty';

function issuesOf(text: string, without: readonly string[] = []): readonly string[] {
  const result = resolve(text, { without });
  return result.ok ? [] : result.issues.map(formatIssue);
}

/** Ids of secrets that any part of the stack names: every string that is the id of a secret, wherever it stands. */
function namedIds(stack: Stack): ReadonlySet<string> {
  const known = new Set(stack.secrets.map(({ id }) => id));
  const found = new Set<string>();
  const visit = (value: unknown): void => {
    if (typeof value === 'string' && known.has(value)) found.add(value);
    if (typeof value === 'object' && value !== null) for (const child of Object.values(value)) visit(child);
  };
  visit({ ...stack, secrets: stack.secrets.map(({ source }) => source) });
  return found;
}

describe.each(readdirSync(STACKS).filter((name) => name.endsWith('.yaml')))('stacks/%s', (name) => {
  const text = readFileSync(path.join(STACKS, name), 'utf8');

  it('resolves without a warning, but that nobody is told where it names no receiver', () => {
    const warnings = text.includes('receivers:') ? [] : [NOT_SENT];
    expect(resolve(text)).toMatchObject({ ok: true, warnings });
  });

  it('lists the secrets that its parts name, each once and sorted', () => {
    const stack = stackOf(text);
    const ids = stack.secrets.map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)].toSorted());
    expect([...namedIds(stack)].toSorted()).toEqual(ids);
  });
});

describe('servers', () => {
  it.each([
    ['localhost', 'host.docker.internal'],
    ['LOCALHOST', 'host.docker.internal'],
    ['127.0.0.1', 'host.docker.internal'],
    ['127.0.1.1', 'host.docker.internal'],
    ['::1', 'host.docker.internal'],
    ['localhost.example.com', 'localhost.example.com'],
    ['10.127.0.1', '10.127.0.1'],
    ['2001:db8::1', '2001:db8::1'],
  ])('%s is scraped as %s', (host, scrapeHost) => {
    const [server] = stackOf(`${HEAD}servers: [{name: a, host: "${host}"}]`).servers;
    expect(server).toMatchObject({ host, scrapeHost });
  });

  it('take environment, datacenter and labels from the spec unless they have their own', () => {
    const text = `${HEAD}environment: prod\ndatacenter: fra1\nlabels: {team: a, tier: gold}\nservers:
  - {name: a, host: h}
  - {name: b, host: h, environment: dev, labels: {team: b}}\n`;
    expect(stackOf(text).servers.map(({ labels }) => labels)).toEqual([
      { team: 'a', tier: 'gold', environment: 'prod', datacenter: 'fra1' },
      { team: 'b', tier: 'gold', environment: 'dev', datacenter: 'fra1' },
    ]);
  });

  it('verify fully when an authority is named, else require TLS of other machines and none of this one', () => {
    const text = `${HEAD}servers: [{name: a, host: h, tls: {ca: ca.pem}}, {name: b, host: h}, {name: c, host: localhost}]`;
    expect(stackOf(text).servers.map(({ sslMode }) => sslMode)).toEqual([
      'verify-full',
      'require',
      'disable',
    ]);
  });

  it('have no password unless the spec names one', () => {
    expect(stackOf(HEAD + SERVERS).servers[0]?.password).toBeNull();
  });

  it('get paths relative to the spec, taken as they are for PEM files and trimmed for passwords', () => {
    const text = `${HEAD}servers: [{name: a, host: h, password: {file: ../pw}, tls: {ca: ./certs/ca.pem, cert: /abs/c.pem, key: c/../k.pem}}]`;
    expect(stackOf(text).secrets.filter(({ id }) => id.startsWith('servers.'))).toEqual([
      { id: 'servers.a.password', source: { kind: 'file', path: '/etc/pw', trim: true } },
      { id: 'servers.a.tls.ca', source: { kind: 'file', path: '/etc/pg mon/certs/ca.pem', trim: false } },
      { id: 'servers.a.tls.cert', source: { kind: 'file', path: '/abs/c.pem', trim: false } },
      { id: 'servers.a.tls.key', source: { kind: 'file', path: '/etc/pg mon/k.pem', trim: false } },
    ]);
  });

  it('that are bundled get a generated password and the version of their image', () => {
    const stack = stackOf(
      `${HEAD}servers: [{name: a, bundled: {database: app}}]\nversions: {postgres: "17.2"}`,
    );
    expect(stack.servers[0]).toMatchObject({
      host: 'postgres',
      port: 5432,
      database: 'app',
      majorVersion: 17,
    });
    expect(stack.postgres).toMatchObject({ published: null, workloadClients: 0, workloadPassword: null });
    expect(stack.secrets).toContainEqual({
      id: 'servers.a.password',
      source: { kind: 'generated', length: 32 },
    });
  });
});

describe('images', () => {
  const locked = (overrides: Partial<LockedImage>): Lock => ({
    images: {
      prometheus: {
        reference: 'localhost/pgmon/prometheus:3.5.3-debian',
        version: '3.5.3',
        origin: 'build',
        digest: null,
        ids: {},
        ...overrides,
      },
    },
  });
  const imageOf = (extra: string, lock: Lock = EMPTY_LOCK) =>
    stackOf(HEAD + SERVERS + extra, { lock }).prometheus.image;

  it('come from the catalogue when nobody says otherwise', () => {
    const { version } = COMPONENTS.prometheus;
    expect(imageOf('')).toEqual({ reference: `prom/prometheus:v${version}`, version, chosenBy: 'catalog' });
  });

  it('take the version of the spec', () => {
    const image = { reference: 'prom/prometheus:v3.11.0', version: '3.11.0', chosenBy: 'spec' };
    expect(imageOf('versions: {prometheus: 3.11.0}')).toEqual(image);
  });

  it('take the image of the spec with the version in its tag', () => {
    const image = { reference: 'r.example/p:v3.8.1-x', version: '3.8.1', chosenBy: 'spec' };
    expect(imageOf('images: {prometheus: "r.example/p:v3.8.1-x"}', locked({}))).toEqual(image);
  });

  it('that were built here stand in for upstream ones', () => {
    expect(imageOf('', locked({}))).toMatchObject({
      reference: 'localhost/pgmon/prometheus:3.5.3-debian',
      chosenBy: 'lock',
    });
  });

  it('that were built here do not stand in for another version', () => {
    expect(imageOf('versions: {prometheus: 3.6.0}', locked({})).reference).toBe('prom/prometheus:v3.6.0');
  });

  it('that were pulled count only for the same reference', () => {
    const pulled = { origin: 'registry', reference: 'prom/prometheus:v3.5.2', version: '3.5.2' } as const;
    expect(imageOf('', locked(pulled)).chosenBy).toBe('catalog');
    expect(imageOf('versions: {prometheus: 3.5.2}', locked(pulled)).chosenBy).toBe('lock');
  });
});

describe('services', () => {
  it('scrape within the interval when the spec names no timeout', () => {
    expect(stackOf(`${HEAD}${SERVERS}scrape: {interval: 5s}`).scrape).toEqual({
      intervalSeconds: 5,
      timeoutSeconds: 5,
      evaluationIntervalSeconds: 15,
      slowIntervalSeconds: 60,
    });
  });

  it('are left out when switched off or named by --without', () => {
    const text = `${HEAD}servers: [{name: a, bundled: {workload: {}}}]\nalertmanager: {enabled: false}`;
    const stack = stackOf(text, { without: ['grafana', 'node-exporter', 'workload'] });
    expect(stack).toMatchObject({ alertmanager: null, grafana: null, nodeExporter: null });
    expect(stack.postgres).toMatchObject({ workloadClients: 0, workloadPassword: null });
    expect(stack.secrets.map(({ id }) => id)).toEqual(['postgres.superuserPassword', 'servers.a.password']);
  });

  it('take limits from their own section, then from `limits`', () => {
    const stack = stackOf(`${HEAD}${SERVERS}limits: {memory: 300MiB, pids: 99}\ngrafana: {memory: 1GB}`);
    expect(stack.grafana).toMatchObject({ memoryBytes: 1024 ** 3, pidsLimit: 99 });
    expect(stack.prometheus).toMatchObject({ memoryBytes: 300 * 1024 ** 2, pidsLimit: 99 });
  });

  it('give Prometheus more memory for many servers', () => {
    const servers = (count: number) =>
      `servers: [${Array.from({ length: count }, (_, i) => `{name: s${i}, host: db${i}.example.com}`).join(', ')}]\n`;
    const memoryOf = (text: string) => stackOf(`${HEAD}${text}`).prometheus.memoryBytes / 1024 ** 2;
    expect(memoryOf(servers(150))).toBe(1024);
    expect(memoryOf(servers(1000))).toBe(5376);
    expect(memoryOf(`${servers(1000)}prometheus: {memory: 2GiB}`)).toBe(2048);
  });

  it('are not published with `publish: false`', () => {
    expect(stackOf(`${HEAD}${SERVERS}prometheus: {publish: false}`).prometheus.published).toBeNull();
  });

  it('write sizes as Prometheus does and leave out limits that are `none`', () => {
    expect(stackOf(`${HEAD}${SERVERS}retention: {time: none, size: 20GiB}`).prometheus).toMatchObject({
      retentionTime: null,
      retentionSize: '20GB',
    });
  });

  it('hash the password of Prometheus as a secret of its own', () => {
    const stack = stackOf(`${HEAD}${SERVERS}prometheus: {basicAuth: {password: {env: P}}}`);
    expect(stack.prometheus.web.basicAuth).toEqual({
      user: 'admin',
      password: 'prometheus.basicAuth.password',
      passwordHash: 'prometheus.basicAuth.passwordHash',
    });
    expect(stack.secrets).toContainEqual({
      id: 'prometheus.basicAuth.passwordHash',
      source: { kind: 'bcrypt', of: 'prometheus.basicAuth.password' },
    });
  });
});

describe('resolveStack refuses', () => {
  it('a service that cannot be left out, and one that does not exist', () => {
    expect(issuesOf(HEAD + SERVERS, ['prometheus', 'grafna'])).toEqual([
      'dir/spec.yaml:1:1 prometheus cannot be left out: the rest needs it; --without takes grafana, alertmanager, node-exporter, sql-exporter, workload',
      'dir/spec.yaml:1:1 --without does not know "grafna"; did you mean "grafana"?',
    ]);
  });

  const ASKED: Readonly<Record<string, string>> = {
    'servers.*.via': 'servers: [{name: a, host: h, via: pgbouncer}]',
    'servers.*.role': 'servers: [{name: a, host: h, role: primary}]',
    'servers.*.admin': 'servers: [{name: a, host: h, admin: {}}]',
    'servers.*.slo': 'servers: [{name: a, host: h, slo: {}}]',
    'servers.*.drill': 'servers: [{name: a, host: h, drill: true}]',
    'prometheus.remoteWrite': `${SERVERS}prometheus: {remoteWrite: [{url: "http://x/"}]}`,
    'alerting.engine': `${SERVERS}alerting: {engine: grafana}`,
    slo: `${SERVERS}slo: {}`,
    customMetrics: `${SERVERS}customMetrics: []`,
    proxy: `${SERVERS}proxy: {host: h}`,
    logs: `${SERVERS}logs: {}`,
    traces: `${SERVERS}traces: {}`,
    longTerm: `${SERVERS}longTerm: {kind: thanos}`,
    ha: `${SERVERS}ha: {replica: a}`,
    backup: `${SERVERS}backup: {directory: b}`,
    drill: `${SERVERS}drill: {}`,
    kubernetes: `${SERVERS}kubernetes: {}`,
  };

  it.each(NOT_YET.map((row) => [row.path.join('.'), row.feature]))(
    '%s, which it cannot do yet',
    (key, feature) => {
      const [issue, ...others] = issuesOf(`${HEAD}${ASKED[key]}\n`);
      expect(others).toEqual([]);
      expect(issue).toMatch(/^dir\/spec\.yaml:3:|^dir\/spec\.yaml:4:/);
      expect(issue).toContain(`asks for ${feature}, which this version of pgmon does not do yet`);
    },
  );
});

describe('dashboards', () => {
  it('are beside the spec unless it says otherwise', () => {
    expect(stackOf(HEAD + SERVERS).dashboards).toEqual({
      directory: '/etc/pg mon/dashboards',
      shownDirectory: 'dashboards',
      community: [],
    });
    const other = `${HEAD}${SERVERS}dashboards: {directory: ../boards, community: [{id: 9628, revision: 7}]}`;
    expect(stackOf(other).dashboards).toEqual({
      directory: '/etc/boards',
      shownDirectory: '../boards',
      community: [{ id: 9628, revision: 7 }],
    });
  });
});

describe('warnings', () => {
  it('name services that are open to the network without a password', () => {
    const open = `${HEAD}${SERVERS}prometheus: {bind: 0.0.0.0}\nalertmanager: {bind: 10.0.0.1}\ngrafana: {bind: 0.0.0.0}`;
    expect(warningsOf(open).map((warning) => warning.split(' ')[0])).toEqual([
      'prometheus',
      'alertmanager',
      'alerts',
    ]);
    expect(warningsOf(`${HEAD}${SERVERS}prometheus: {bind: 0.0.0.0, basicAuth: {}}`)).toEqual([NOT_SENT]);
  });

  it('say when nobody sees the dashboards that are asked for', () => {
    const words = 'nobody sees what `dashboards` asks for: `grafana.enabled` is false';
    expect(warningsOf(`${HEAD}${SERVERS}dashboards: {}\ngrafana: {enabled: false}`)).toContain(words);
    expect(warningsOf(`${HEAD}${SERVERS}dashboards: {}`)).not.toContain(words);
  });

  it('say when alerts reach nobody', () => {
    const receiver = `${HEAD}${SERVERS}alerting: {receivers: [{name: r, webhook: {url: "http://x/"}}]}`;
    expect(warningsOf(receiver)).toEqual([
      'alerts are not sent to anybody: set alerting.defaultReceiver or alerting.routes',
    ]);
    expect(warningsOf(`${HEAD}${SERVERS}`)).toEqual([NOT_SENT]);
    expect(warningsOf(`${HEAD}${SERVERS}alertmanager: {enabled: false}`)).toEqual([]);
  });

  it.each([
    ['{severity: critical, environment: prod}', 'no server has environment "prod"'],
    ['{datacenter: north}', 'no server has a datacenter'],
    ['{severity: warning, team: billing}', 'alerting.routes[0] takes it before'],
  ])('say that a route for %s never matches', (match, reason) => {
    const text = `${HEAD}servers: [{name: a, host: db.example.com, environment: staging, labels: {team: billing}}]
alerting: {receivers: [{name: r, webhook: {url: "http://x/"}}], routes: [{match: {severity: warning}, receiver: r}, {match: ${match}, receiver: r}]}`;
    expect(warningsOf(text)).toEqual([
      expect.stringMatching(/^alerting\.routes\[1\] \(.*\) never matches: /),
    ]);
    expect(warningsOf(text)[0]).toContain(reason);
  });

  it('leave routes alone that may match, or go on', () => {
    const routes = `[{match: {severity: warning}, receiver: r, continue: true}, {match: {severity: warning, team: billing}, receiver: r}, {match: {datname: app}, receiver: r}]`;
    const text = `${HEAD}servers: [{name: a, host: db.example.com, labels: {team: billing}}]
alerting: {receivers: [{name: r, webhook: {url: "http://x/"}}], routes: ${routes}}`;
    expect(warningsOf(text)).toEqual([]);
  });

  it('name components newer than pgmon knows', () => {
    expect(warningsOf(`${HEAD}${SERVERS}versions: {prometheus: 3.14.9}`)).toEqual([NOT_SENT]);
    expect(warningsOf(`${HEAD}${SERVERS}versions: {prometheus: 4.0.0}`)).toHaveLength(2);
  });
});
