/** What `runtime: native` makes of a spec: programs, places, users; and that all of it follows from the spec alone. */
import { describe, expect, it } from 'vitest';
import { formatIssue } from '../../../src/spec/issues.ts';
import { parseSpec } from '../../../src/spec/parse-spec.ts';
import { resolveStack } from '../../../src/spec/resolve-stack.ts';
import { EMPTY_LOCK, type Lock } from '../../../src/stack/lock.ts';
import type { Native } from '../../../src/stack/native.ts';
import type { Stack } from '../../../src/stack/stack.ts';
import { createNativeStack } from '../../support/stack-fixture.ts';

const HEAD = 'apiVersion: pgmon/v1\nname: x\nruntime: native\n';
const SERVERS = 'servers: [{name: a, host: db.example.com}]\n';
const SHA256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

interface Options {
  readonly lock?: Lock;
  readonly without?: readonly string[];
}

function stackOf(text: string, { lock = EMPTY_LOCK, without = [] }: Options = {}): Stack {
  const parsed = parseSpec(text, 'spec.yaml');
  if (!parsed.ok) throw new Error(parsed.issues.map(formatIssue).join('\n'));
  const resolved = resolveStack(parsed.document, { specDir: '/srv', lock, without });
  if (!resolved.ok) throw new Error(resolved.issues.map(formatIssue).join('\n'));
  return resolved.stack;
}

function nativeOf(text: string, options: Options = {}): Native {
  const { native } = stackOf(HEAD + text, options);
  if (native === null) throw new Error('the stack is not native');
  return native;
}

function issuesOf(text: string): readonly string[] {
  const parsed = parseSpec(text, 'spec.yaml');
  return parsed.ok ? [] : parsed.issues.map(formatIssue);
}

describe('programs', () => {
  it('are upstream archives, each version in its own directory, unless the spec says otherwise', () => {
    const { programs } = nativeOf(SERVERS);
    expect(programs.prometheus).toEqual({
      component: 'prometheus',
      version: '3.5.3',
      minimumVersion: '3.0.0',
      path: '/opt/pgmon/prometheus-3.5.3/prometheus',
      source: {
        kind: 'archive',
        location:
          'https://github.com/prometheus/prometheus/releases/download/v3.5.3/prometheus-3.5.3.linux-amd64.tar.gz',
        checksums: 'https://github.com/prometheus/prometheus/releases/download/v3.5.3/sha256sums.txt',
        sha256: null,
        directory: '/opt/pgmon/prometheus-3.5.3',
      },
    });
    expect(programs['sql-exporter']).toMatchObject({
      path: '/opt/pgmon/sql-exporter-24.21.0/bin/node',
      source: {
        location: 'https://nodejs.org/dist/v24.21.0/node-v24.21.0-linux-x64.tar.xz',
        checksums: 'https://nodejs.org/dist/v24.21.0/SHASUMS256.txt',
      },
    });
    expect(programs.grafana).toMatchObject({
      path: '/opt/pgmon/grafana-12.4.2/bin/grafana',
      source: {
        location: 'https://dl.grafana.com/oss/release/grafana-12.4.2.linux-amd64.tar.gz',
        checksums: 'https://dl.grafana.com/oss/release/grafana-12.4.2.linux-amd64.tar.gz.sha256',
      },
    });
    expect(programs['postgres-exporter']?.path).toBe('/opt/pgmon/postgres-exporter-0.19.1/postgres_exporter');
  });

  it.each([
    ['https://mirror.example.com/pgmon', 'https://mirror.example.com/pgmon'],
    ['https://mirror.example.com/pgmon/', 'https://mirror.example.com/pgmon'],
    ['/srv/archives', '/srv/archives'],
  ])('of %s lie flat beside one file of checksums', (archives, base) => {
    const { programs } = nativeOf(`${SERVERS}native: {archives: "${archives}", architecture: arm64}`);
    const places = Object.values(programs).map((program) => program.source);
    expect(places.map((source) => source.kind === 'archive' && source.location).toSorted()).toEqual(
      [
        'alertmanager-0.33.1.linux-arm64.tar.gz',
        'grafana-12.4.2.linux-arm64.tar.gz',
        'node-v24.21.0-linux-arm64.tar.xz',
        'node_exporter-1.11.1.linux-arm64.tar.gz',
        'postgres_exporter-0.19.1.linux-arm64.tar.gz',
        'prometheus-3.5.3.linux-arm64.tar.gz',
      ].map((name) => `${base}/${name}`),
    );
    expect(new Set(places.map((source) => source.kind === 'archive' && source.checksums))).toEqual(
      new Set([`${base}/sha256sums.txt`]),
    );
  });

  it('are packages where the distribution has them, and of Grafana where it has not', () => {
    const { programs } = nativeOf(`${SERVERS}native: {binaries: packages}`);
    const told = Object.values(programs).map(({ path, source }) => [path, source]);
    expect(told).toEqual([
      [
        '/usr/bin/prometheus-postgres-exporter',
        { kind: 'package', name: 'prometheus-postgres-exporter', repository: 'distribution' },
      ],
      ['/usr/bin/node', { kind: 'package', name: 'nodejs', repository: 'distribution' }],
      ['/usr/bin/prometheus', { kind: 'package', name: 'prometheus', repository: 'distribution' }],
      [
        '/usr/bin/prometheus-alertmanager',
        { kind: 'package', name: 'prometheus-alertmanager', repository: 'distribution' },
      ],
      [
        '/usr/bin/prometheus-node-exporter',
        { kind: 'package', name: 'prometheus-node-exporter', repository: 'distribution' },
      ],
      ['/usr/share/grafana/bin/grafana', { kind: 'package', name: 'grafana', repository: 'grafana' }],
    ]);
  });

  it('that are installed are looked for where packages put them, or where the spec says', () => {
    const { programs } = nativeOf(
      `${SERVERS}native: {binaries: installed, programs: {prometheus: {path: /usr/local/bin/prometheus}}}`,
    );
    expect(programs.prometheus).toMatchObject({
      path: '/usr/local/bin/prometheus',
      source: { kind: 'installed' },
    });
    expect(programs.alertmanager).toMatchObject({
      path: '/usr/bin/prometheus-alertmanager',
      source: { kind: 'installed' },
    });
  });

  it('each have a source of their own where the spec gives one, in words or by what it names', () => {
    const { programs } = nativeOf(`${SERVERS}native:
  directory: /srv/programs
  programs:
    prometheus: {from: packages}
    grafana: {archive: /srv/g/own-grafana.tar.gz, sha256: ${SHA256}}
    sqlExporter: {path: /usr/local/bin/node}
    nodeExporter: {sha256: ${SHA256}}`);
    expect(programs.prometheus?.source).toMatchObject({ kind: 'package', name: 'prometheus' });
    expect(programs.grafana).toMatchObject({
      path: '/srv/programs/grafana-12.4.2/bin/grafana',
      source: {
        location: '/srv/g/own-grafana.tar.gz',
        checksums: '/srv/g/sha256sums.txt',
        sha256: SHA256,
        directory: '/srv/programs/grafana-12.4.2',
      },
    });
    expect(programs['sql-exporter']).toMatchObject({
      path: '/usr/local/bin/node',
      source: { kind: 'installed' },
    });
    expect(programs['node-exporter']?.source).toMatchObject({ kind: 'archive', sha256: SHA256 });
  });

  it('have the version that `versions` asks for, whatever a lock of images says', () => {
    const lock: Lock = {
      ...EMPTY_LOCK,
      images: {
        prometheus: {
          reference: 'x/prometheus:v3.1.0',
          version: '3.1.0',
          origin: 'build',
          digest: null,
          ids: {},
        },
      },
    };
    const text = `${SERVERS}versions: {grafana: "13.0.1"}\nnative: {programs: {grafana: {from: packages}}}`;
    const stack = stackOf(HEAD + text, { lock });
    expect(stack.prometheus.image).toEqual({
      reference: 'prometheus 3.5.3',
      version: '3.5.3',
      chosenBy: 'catalog',
    });
    expect(stack.grafana?.image).toEqual({
      reference: 'grafana 13.0.1',
      version: '13.0.1',
      chosenBy: 'spec',
    });
    expect(stack.native?.programs.grafana?.version).toBe('13.0.1');
  });

  it('are only those that the stack runs', () => {
    const { programs, listen } = nativeOf(`${SERVERS}nodeExporter: {enabled: false}`, {
      without: ['grafana', 'alertmanager'],
    });
    expect(Object.keys(programs).toSorted()).toEqual(['postgres-exporter', 'prometheus', 'sql-exporter']);
    expect(Object.keys(listen).toSorted()).toEqual([
      'postgres-exporter',
      'postgres-exporter-slow',
      'prometheus',
      'sql-exporter',
    ]);
  });
});

describe('services', () => {
  it('listen where they are published, and on loopback where they are not', () => {
    const { listen } = nativeOf(`${SERVERS}grafana: {bind: 0.0.0.0, port: 3001}
alertmanager: {publish: false, bind: 0.0.0.0, port: 9999}
native: {slowExporterPort: 9200}`);
    expect(listen).toMatchObject({
      prometheus: { address: '127.0.0.1', port: 9090 },
      grafana: { address: '0.0.0.0', port: 3001 },
      alertmanager: { address: '127.0.0.1', port: 9999 },
      'postgres-exporter-slow': { address: '127.0.0.1', port: 9200 },
    });
  });

  it('that are not published still clash with others, because all share one machine', () => {
    const clash = `${SERVERS}alertmanager: {publish: false}\ngrafana: {port: 9093}`;
    expect(issuesOf(HEAD + clash)).toEqual([
      'spec.yaml:6:17 grafana.port: 9093 on 127.0.0.1 is already taken by alertmanager.port',
    ]);
    expect(issuesOf(HEAD.replace('native', 'docker') + clash)).toEqual([]);
  });

  it('do not take the port of the second postgres_exporter', () => {
    expect(issuesOf(`${HEAD}${SERVERS}grafana: {port: 9188}`)).toEqual([
      'spec.yaml:5:17 grafana.port: 9188 on 127.0.0.1 is already taken by native.slowExporterPort',
    ]);
  });
});

describe('servers', () => {
  it.each(['localhost', '127.0.0.1', '::1'])('on %s are reached under that name', (host) => {
    const [server] = stackOf(`${HEAD}servers: [{name: a, host: "${host}"}]`).servers;
    expect(server).toMatchObject({ host, scrapeHost: host, sslMode: 'disable' });
  });

  it('on a socket need no TLS and no password', () => {
    const [server] = stackOf(`${HEAD}servers: [{name: a, host: /var/run/postgresql, port: 5433}]`).servers;
    expect(server).toMatchObject({
      host: '/var/run/postgresql',
      scrapeHost: '/var/run/postgresql',
      port: 5433,
      sslMode: 'disable',
      password: null,
    });
  });

  it('are 2,000 at most', () => {
    const servers = (count: number) =>
      `servers:\n${Array.from({ length: count }, (_, i) => `  - {name: s${i}, host: h${i}}\n`).join('')}`;
    expect(issuesOf(HEAD + servers(2000))).toEqual([]);
    expect(issuesOf(HEAD + servers(2001))).toEqual([
      'spec.yaml:4:1 servers: has 2001 servers, but with `runtime: native` 2000 is the most: systemd passes at most 1 MiB of secrets to a unit. Make two stacks, or write `runtime: docker`',
    ]);
  });
});

describe('the exporters run as', () => {
  it.each([
    ['pgmon when no server is on a socket', '[{name: a, host: h, user: monitor}]', '', 'pgmon'],
    ['the role of a server on a socket', '[{name: a, host: /run/postgresql, user: monitor}]', '', 'monitor'],
    [
      'pgmon when the server on the socket asks for a password',
      '[{name: a, host: /run/postgresql, user: monitor, password: {env: P}}]',
      '',
      'pgmon',
    ],
    [
      'whom the spec names, whatever roles are mapped to it',
      '[{name: a, host: /run/postgresql, user: monitor}, {name: b, host: /srv/pg, user: postgres}]',
      'native: {collectorUser: metrics}',
      'metrics',
    ],
  ])('%s', (_what, servers, native, user) => {
    expect(nativeOf(`servers: ${servers}\n${native}\n`).collectorUser).toBe(user);
  });
});

describe('a native stack', () => {
  it('is the same for the same spec, and none with Docker', () => {
    expect(nativeOf(SERVERS)).toEqual(nativeOf(`${SERVERS}native: {}`));
    expect(stackOf(HEAD.replace('native', 'docker') + SERVERS).native).toBeNull();
  });

  it('is what the tests use by hand', () => {
    const stack = createNativeStack();
    const resolved = nativeOf(
      'servers: [{name: a, host: /var/run/postgresql}]\nnative: {binaries: installed}',
    );
    expect(stack.native?.listen).toEqual(resolved.listen);
    expect(stack.native?.collectorUser).toBe(resolved.collectorUser);
    expect(Object.keys(stack.native?.programs ?? {}).toSorted()).toEqual(
      Object.keys(resolved.programs).toSorted(),
    );
  });
});
