/** What pgmon makes of versions, checksums, names in archives and keys. */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { upstreamVersion } from '../../../src/providers/native/programs/apt.ts';
import { findSum } from '../../../src/providers/native/programs/checksum.ts';
import { checkGrafanaKey } from '../../../src/providers/native/programs/grafana-repository.ts';
import { newcomers } from '../../../src/providers/native/programs/install-package.ts';
import { judgeVersion } from '../../../src/providers/native/programs/judge-version.ts';
import { openPgpFingerprints } from '../../../src/providers/native/programs/openpgp-fingerprints.ts';
import { parseVersion } from '../../../src/providers/native/programs/program-version.ts';
import { shownLocation } from '../../../src/providers/native/programs/shown-location.ts';
import { findBadLink, findBadName } from '../../../src/providers/native/programs/unpack.ts';
import { fileNameOf } from '../../../src/stack/file-name-of.ts';
import type { Program } from '../../../src/stack/native.ts';

const prometheus: Program = {
  component: 'prometheus',
  version: '3.5.3',
  minimumVersion: '3.0.0',
  path: '/usr/bin/prometheus',
  source: { kind: 'package', name: 'prometheus', repository: 'distribution' },
};

describe('the version of a program', () => {
  it.each([
    ['prometheus', 'prometheus, version 3.5.3+ds1 (branch: debian/sid, revision: 3.5.3+ds1-6)\n', '3.5.3'],
    ['alertmanager', 'alertmanager, version 0.33.1 (branch: HEAD)\n', '0.33.1'],
    ['postgres-exporter', 'postgres_exporter, version 0.19.1 (branch: x)\n', '0.19.1'],
    ['node-exporter', 'node_exporter, version 1.11.1 (branch: x)\n', '1.11.1'],
    ['sql-exporter', 'v24.21.0\n', '24.21.0'],
    ['grafana', 'grafana version 12.4.2\n', '12.4.2'],
  ] as const)('of %s is read from what it prints', (component, text, version) => {
    expect(parseVersion(component, text)).toBe(version);
  });

  it('is not taken from another program', () => {
    expect(parseVersion('prometheus', 'alertmanager, version 0.33.1 (branch: x)')).toBeNull();
    expect(parseVersion('sql-exporter', 'prometheus, version 3.5.3')).toBeNull();
  });

  it('of a package has no epoch and no revision', () => {
    expect(['3.5.3+ds1-6', '1:2.45.6-1+b2', '20.19.2+dfsg-1', '(none)'].map(upstreamVersion)).toEqual([
      '3.5.3',
      '2.45.6',
      '20.19.2',
      null,
    ]);
  });

  it('serves when it is on the same side of what rendering depends on', () => {
    expect(judgeVersion(prometheus, '3.5.3', 'it')).toBeNull();
    expect(judgeVersion(prometheus, '3.10.9', 'it')).toBeNull();
  });

  it('that is too old is refused with the way out of its source', () => {
    expect(judgeVersion(prometheus, '2.42.0', 'the package prometheus')).toEqual({
      code: 'program-too-old',
      message: "the package prometheus is prometheus 2.42.0, and pgmon's configuration needs 3.0.0 or newer",
      hint: "take upstream's release: write `native.programs.prometheus: { from: archives }` in the spec",
    });
  });

  it('beyond a boundary names the line of the spec', () => {
    expect(judgeVersion(prometheus, '3.11.0', '/usr/bin/prometheus')).toMatchObject({
      code: 'program-other-version',
      hint: 'write `versions.prometheus: "3.11.0"` in the spec',
    });
    const exporter: Program = {
      ...prometheus,
      component: 'postgres-exporter',
      version: '0.19.1',
      minimumVersion: '0.19.0',
    };
    expect(judgeVersion(exporter, '0.20.0', 'it')?.hint).toContain('`versions.postgresExporter: "0.20.0"`');
  });
});

describe('a checksums file', () => {
  const sum = 'a'.repeat(64);
  it('has the sum of exactly the file asked for', () => {
    const text = `${'b'.repeat(64)}  xprometheus.tar.gz\n${sum.toUpperCase()} *prometheus.tar.gz\r\n`;
    expect(findSum(text, 'prometheus.tar.gz')).toBe(sum);
    expect(findSum(text, 'alertmanager.tar.gz')).toBeNull();
    expect(findSum(`${'b'.repeat(64)}  a/prometheus.tar.gz\n`, 'prometheus.tar.gz')).toBeNull();
  });
  it('may be the sum alone', () => {
    expect(findSum(`${sum}\n`, 'grafana.tar.gz')).toBe(sum);
    expect(findSum(`${sum.slice(1)}\n`, 'grafana.tar.gz')).toBeNull();
  });
  it('is asked for the name without the query', () => {
    expect(fileNameOf('https://mirror.example.com/a/p-1%2B2.tar.gz?token=x')).toBe('p-1+2.tar.gz');
    expect(fileNameOf('/srv/archives/p.tar.gz')).toBe('p.tar.gz');
  });
});

describe('an archive', () => {
  it('has all entries below one directory', () => {
    expect(findBadName(['p-1/', 'p-1/bin/p', './p-1/x'])).toBeNull();
    expect(findBadName(['./', './p-1/bin/p'])).toBeNull();
    expect(findBadName(['p-1/', 'p-1/../../etc/passwd'])).toBe('p-1/../../etc/passwd');
    expect(findBadName(['p-1/', '/etc/passwd'])).toBe('/etc/passwd');
    expect(findBadName(['p-1/', 'other/p'])).toBe('other/p');
  });
  it('has no link out of its directory', () => {
    expect(findBadLink('/w/tree/bin/npm\t../lib/npm.js\n', '/w/tree')).toBeNull();
    expect(findBadLink('/w/tree/bin/npm\t../../lib\n', '/w/tree')).not.toBeNull();
    expect(findBadLink('/w/tree/p\t/etc/passwd\n', '/w/tree')).not.toBeNull();
  });
});

describe('what came with a package', () => {
  it('is what was not there before', () => {
    const printed =
      'before package libc6\nbefore user root\nafter package libc6\nafter package promtool\nafter package prometheus\nafter user root\nafter user prometheus\n';
    expect(newcomers(printed, 'prometheus')).toEqual([
      { kind: 'dependency', name: 'promtool' },
      { kind: 'user', name: 'prometheus' },
    ]);
  });
});

describe('a location', () => {
  it('is shown without its password, query and fragment', () => {
    expect(shownLocation('https://me:secret@mirror.example.com:8443/a/p.tar.gz?token=secret#x')).toBe(
      'https://mirror.example.com:8443/a/p.tar.gz',
    );
    expect(shownLocation('/srv/p.tar.gz')).toBe('/srv/p.tar.gz');
  });
});

/** A key packet of version 4 with these bytes as its material. */
function armored(material: string, isNew = false): { readonly text: string; readonly fingerprint: string } {
  const body = Buffer.concat([Buffer.from([4, 0, 0, 0, 1, 1]), Buffer.from(material)]);
  const head = isNew ? Buffer.from([0xc6, body.length]) : Buffer.from([0x99, 0, body.length]);
  const hashed = Buffer.concat([Buffer.from([0x99, 0, body.length]), body]);
  const lines = Buffer.concat([head, body]).toString('base64');
  return {
    text: `-----BEGIN PGP PUBLIC KEY BLOCK-----\nComment: a\n\n${lines}\n=abcd\n-----END PGP PUBLIC KEY BLOCK-----\n`,
    fingerprint: createHash('sha1').update(hashed).digest('hex').toUpperCase(),
  };
}

describe("Grafana's key", () => {
  it('has fingerprints in every block and format', () => {
    const keys = [armored('one'), armored('two', true)];
    expect(openPgpFingerprints(keys.map(({ text }) => text).join('\n'))).toEqual(
      keys.map(({ fingerprint }) => fingerprint),
    );
  });
  it.each([armored('another').text, '<html>not found</html>', armored('x').text.replace('==', 'zz')])(
    'that is another one is refused',
    (text) => {
      expect(() => checkGrafanaKey(text)).toThrow("is not Grafana's published key B53AE77BADB630A6");
    },
  );
});
