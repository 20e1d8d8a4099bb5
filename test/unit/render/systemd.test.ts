import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PGMON_LABELS } from '../../../src/conventions.ts';
import { wellFormed } from '../../../src/render/scalars.ts';
import { execWord, unitWord } from '../../../src/render/systemd/unit-words.ts';
import type { Service } from '../../../src/stack/rendered-stack.ts';
import type { Stack } from '../../../src/stack/stack.ts';
import { hostileText } from '../../support/hostile-text.ts';
import { renderForTest, serviceOf, textOf } from '../../support/rendering.ts';
import { createNativeStack, createServer } from '../../support/stack-fixture.ts';

const base = createNativeStack();

function unitOf(stack: Stack, service: Service['name']): string {
  return textOf(renderForTest(stack), `../../systemd/system/pgmon-${stack.name}-${service}.service`);
}

function linesOf(text: string, name: string): readonly string[] {
  return text
    .replaceAll('\\\n ', '')
    .split('\n')
    .filter((line) => line.startsWith(`${name}=`))
    .map((line) => line.slice(name.length + 1));
}

/** As systemd reads one word: quotes and escapes first, then specifiers. */
function readWord(word: string): string {
  const bare = /^"(.*)"$/s.exec(word)?.[1] ?? word;
  expect(bare).not.toMatch(/\p{Cc}/u);
  return bare
    .replace(/\\(u([0-9a-f]{4})|.)/gs, (_, sign: string, code?: string) =>
      code === undefined ? sign : String.fromCharCode(Number.parseInt(code, 16)),
    )
    .replaceAll('%%', '%');
}

describe('a word of a unit', () => {
  it('is read back as the same text, whatever it holds', () => {
    const texts = hostileText.filter((text) => text !== '');
    fc.assert(
      fc.property(texts, (text) => {
        const expected = wellFormed(text).replaceAll('\0', '');
        expect(readWord(unitWord(text))).toBe(expected);
        expect(readWord(execWord(text)).replaceAll('$$', '$')).toBe(expected);
      }),
    );
  });

  it('has no lone percent sign, no variable and no end inside', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const word = execWord(text);
        expect(word.replaceAll('%%', '')).not.toContain('%');
        expect(word.replaceAll('$$', '')).not.toContain('$');
        if (!word.startsWith('"')) expect(word).toMatch(/^[\w/.:,=@+-]+$/);
        else expect(word.slice(1, -1).replace(/\\./gs, '')).not.toContain('"');
      }),
    );
  });

  it('is quoted when it is empty or ends a command', () => {
    expect([unitWord(''), unitWord(';'), unitWord('--storage.path=/a')]).toEqual([
      '""',
      '";"',
      '--storage.path=/a',
    ]);
  });
});

describe('a native stack', () => {
  const rendered = renderForTest(base);

  it('has units, a target, users and directories instead of a compose file and networks', () => {
    const outside = rendered.files.map(({ path }) => path).filter((path) => path.startsWith('../'));
    expect(outside).toEqual([
      '../../systemd/system/pgmon-native-alertmanager.service',
      '../../systemd/system/pgmon-native-grafana.service',
      '../../systemd/system/pgmon-native-node-exporter.service',
      '../../systemd/system/pgmon-native-postgres-exporter-slow.service',
      '../../systemd/system/pgmon-native-postgres-exporter.service',
      '../../systemd/system/pgmon-native-prometheus.service',
      '../../systemd/system/pgmon-native-sql-exporter.service',
      '../../systemd/system/pgmon-native.target',
      '../../sysusers.d/pgmon-native.conf',
      '../../tmpfiles.d/pgmon-native.conf',
    ]);
    expect(rendered.files.some(({ path }) => path === 'docker-compose.yml')).toBe(false);
    expect(rendered.networks).toEqual([]);
    expect(rendered.volumes).toEqual(['alertmanager-data', 'grafana-data', 'prometheus-data']);
  });

  it('names each system user once, in words that are the same in every stack', () => {
    const names = ['pgmon', 'pgmon-alertmanager', 'pgmon-grafana', 'pgmon-node', 'pgmon-prometheus'];
    expect(rendered.users.map(({ name }) => name)).toEqual(names);
    expect(renderForTest({ ...base, name: 'other' }).users).toEqual(rendered.users);
    const text = textOf(rendered, '../../sysusers.d/pgmon-native.conf');
    for (const { name, description } of rendered.users)
      expect(text).toContain(`u ${name} - "${description}"\n`);
    // A colon ends the field in /etc/passwd.
    expect(rendered.users.filter(({ description }) => description.includes(':'))).toEqual([]);
  });

  it('gives each service with data a directory of its own that only it can read', () => {
    const text = textOf(rendered, '../../tmpfiles.d/pgmon-native.conf');
    expect(text).toContain('d /var/lib/pgmon/native/prometheus 0700 pgmon-prometheus pgmon-prometheus -\n');
    expect(text).toContain('d /etc/pgmon/native/secrets 0700 root root -\n');
    expect(linesOf(unitOf(base, 'prometheus'), 'StateDirectory')).toEqual(['pgmon/native/prometheus']);
    expect(linesOf(unitOf(base, 'node-exporter'), 'StateDirectory')).toEqual([]);
  });

  it('hands each unit exactly the secret files of its service', () => {
    for (const { name } of rendered.services) {
      const prefix = `secrets/${name}/`;
      const files = rendered.secretFiles.map(({ path }) => path).filter((path) => path.startsWith(prefix));
      const expected = files.map((path) => `${path.slice(prefix.length)}:/etc/pgmon/native/${path}`);
      expect(linesOf(unitOf(base, name), 'LoadCredential')).toEqual(
        expected.map((line) => line.replaceAll('%', '%%')).sort(),
      );
    }
    expect(linesOf(unitOf(base, 'postgres-exporter'), 'LoadCredential').length).toBeGreaterThan(0);
  });

  it('copies client keys, which must be private to the process, before the exporter starts', () => {
    const server = createServer({ tls: { ca: null, cert: 'servers.a.cert', key: 'servers.a.key' } });
    const withKey = unitOf({ ...base, servers: [server] }, 'postgres-exporter');
    expect(linesOf(withKey, 'ExecStartPre')).toHaveLength(1);
    expect(linesOf(unitOf(base, 'postgres-exporter'), 'ExecStartPre')).toEqual([]);
  });

  it('reloads by SIGHUP what can reload, and nothing else', () => {
    const reloading = rendered.services.filter(
      ({ name }) => linesOf(unitOf(base, name), 'ExecReload').length > 0,
    );
    expect(reloading.map(({ name }) => name)).toEqual(['prometheus', 'alertmanager']);
  });

  it('starts the program with the arguments of its service', () => {
    const { program, command } = serviceOf(rendered, 'prometheus');
    const [start = ''] = linesOf(unitOf(base, 'prometheus'), 'ExecStart');
    expect(start.split(/\s+/)).toEqual([program?.path, ...command]);
  });
});

describe('the hash of a unit', () => {
  const hashOf = (stack: Stack, name: Service['name'] = 'prometheus') =>
    serviceOf(renderForTest(stack), name).labels[PGMON_LABELS.serviceHash];

  it('stands in the unit and in the label of the service', () => {
    for (const { name } of renderForTest(base).services) {
      const hash = hashOf(base, name);
      expect(hash).toMatch(/^[0-9a-f]{64}$/);
      expect(linesOf(unitOf(base, name), 'Environment')).toContain(`PGMON_SERVICE_HASH=${hash}`);
    }
  });

  it('is another one when the unit says something else', () => {
    const changed = { ...base, prometheus: { ...base.prometheus, memoryBytes: 12_345_678 } };
    expect(hashOf(changed)).not.toBe(hashOf(base));
  });

  it('is another one when a file changes that is read only at the start', () => {
    const { sqlExporter } = base;
    if (sqlExporter === null) throw new Error('the native stack has no SQL exporter');
    const changed = { ...base, sqlExporter: { ...sqlExporter, topTables: sqlExporter.topTables + 1 } };
    expect(hashOf(changed, 'sql-exporter')).not.toBe(hashOf(base, 'sql-exporter'));
  });

  it('stays when the spec has another name, a reloaded file changes, or another service comes or goes', () => {
    const { scrape } = base;
    expect(hashOf({ ...base, specName: 'renamed.yaml' })).toBe(hashOf(base));
    expect(hashOf({ ...base, scrape: { ...scrape, evaluationIntervalSeconds: 33 } })).toBe(hashOf(base));
    expect(hashOf({ ...base, sqlExporter: null, grafana: null })).toBe(hashOf(base));
  });
});
