/** `check` with certificates: a secured Prometheus, and PostgreSQL by every ssl mode. */
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { queryPostgres } from '../../src/host/postgres.ts';
import type { SslMode } from '../../src/stack/stack.ts';
import { findCause } from '../../src/verify/causes.ts';
import { PASSWORD, specOf } from '../support/check-spec.ts';
import { ensureTestImages } from '../support/images.ts';
import { type RunningStack, startStack } from '../support/running-stack.ts';

function hasOpenssl(): boolean {
  return spawnSync('openssl', ['version']).status === 0;
}

/** `<stem>.crt` (signed by itself) and `<stem>.key` in `dir`. */
function makeCertificate(dir: string, stem: string, hostName: string): void {
  const names = ['-subj', `/CN=${hostName}`, '-addext', `subjectAltName=DNS:${hostName}`];
  const files = ['-keyout', path.join(dir, `${stem}.key`), '-out', path.join(dir, `${stem}.crt`)];
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  execFileSync('openssl', ['req', '-x509', '-days', '2', ...key, ...names, ...files], { stdio: 'ignore' });
}

/** A PostgreSQL that offers TLS with the certificate `prom`; its container's name. */
async function startTlsPostgres(stack: RunningStack): Promise<string> {
  const name = `${stack.name}-tls-server`;
  const init =
    'cp /certs/prom.* /certs/right /tmp && chmod 600 /tmp/prom.key && chown postgres /tmp/prom.* /tmp/right && exec docker-entrypoint.sh "$@"';
  const flags = ['-c', 'ssl=on', '-c', 'ssl_cert_file=/tmp/prom.crt', '-c', 'ssl_key_file=/tmp/prom.key'];
  const mounts = [
    '-v',
    `${path.dirname(stack.outDir)}:/certs:ro`,
    '-e',
    'POSTGRES_PASSWORD_FILE=/tmp/right',
    '-p',
    '127.0.0.1::5432',
  ];
  const image = stack.stack.postgres?.image.reference ?? '';
  execFileSync(
    'docker',
    [
      'run',
      '-d',
      '--name',
      name,
      '--user',
      'root',
      ...mounts,
      '--entrypoint',
      'sh',
      image,
      '-c',
      init,
      'sh',
      'postgres',
      ...flags,
    ],
    { stdio: 'ignore' },
  );
  const isReady = () =>
    execFileSync('docker', ['exec', name, 'pg_isready', '-h', '127.0.0.1'], { stdio: 'ignore' });
  for (let tries = 0; ; tries += 1) {
    try {
      isReady();
      return name;
    } catch (error) {
      if (tries > 300) throw error;
      await stack.host.clock.sleep(200);
    }
  }
}

beforeAll(ensureTestImages);

describe.skipIf(!hasOpenssl())('TLS (skipped where there is no openssl to make certificates)', () => {
  let stack: RunningStack;
  let secureServer: string;
  beforeAll(async () => {
    stack = await startStack('tls', async (name, dir) => {
      makeCertificate(dir, 'prom', 'prom.test');
      makeCertificate(dir, 'other', 'other.test');
      return specOf(name, dir, {
        prometheus: `, basicAuth: {user: admin, password: {file: wrong}}, tls: {cert: prom.crt, key: prom.key, ca: prom.crt, serverName: prom.test}`,
      });
    });
    secureServer = await startTlsPostgres(stack);
  });
  afterAll(async () => {
    if (secureServer !== undefined)
      execFileSync('docker', ['rm', '-f', '-v', secureServer], { stdio: 'ignore' });
    await stack?.remove();
  });

  test('a Prometheus with basic auth and its own certificate passes every hop', async () => {
    const results = await stack.verify();
    expect([...results.values()].filter(({ status }) => status === 'fail')).toEqual([]);
  });

  test('wrong credentials are told as such', async () => {
    const secrets = new Map(stack.secrets).set('prometheus.basicAuth.password', 'no-such-password');
    const results = await stack.verify({}, { secrets });
    expect(results.get('prometheus/prometheus')?.detail).toBe(
      'prometheus refused the credentials (HTTP 401)',
    );
  });

  test('a certificate of another authority is told as such', async () => {
    const secrets = new Map(stack.secrets).set(
      'prometheus.tls.ca',
      readFileSync(path.join(path.dirname(stack.outDir), 'other.crt'), 'utf8'),
    );
    const results = await stack.verify({}, { secrets });
    expect(results.get('prometheus/prometheus')?.detail).toBe('certificate verify failed');
  });

  test('each ssl mode asks of a server what libpq asks', async () => {
    const dir = path.dirname(stack.outDir);
    const [, port = ''] =
      /:(\d+)\s*$/m.exec(execFileSync('docker', ['port', secureServer, '5432'], { encoding: 'utf8' })) ?? [];
    const ca = readFileSync(path.join(dir, 'prom.crt'), 'utf8');
    const other = readFileSync(path.join(dir, 'other.crt'), 'utf8');
    const ask = async (sslMode: SslMode, authority: string | null, host = '127.0.0.1') => {
      const login = {
        host,
        port: Number(port),
        database: 'postgres',
        user: 'postgres',
        password: PASSWORD,
        sslMode,
      };
      const files = { ca: authority, cert: null, key: null };
      const question = 'SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()';
      const signal = new AbortController().signal;
      return queryPostgres({ ...login, ...files, timeoutMs: 5000 }, question, signal).then(
        (row) => row.ssl,
        (error: unknown) => findCause(error, host)?.kind ?? String(error),
      );
    };
    expect({
      disable: await ask('disable', null),
      require: await ask('require', null),
      requireWithOtherCa: await ask('require', other),
      verifyCa: await ask('verify-ca', ca),
      verifyCaOther: await ask('verify-ca', other),
      verifyFullByAddress: await ask('verify-full', ca),
    }).toEqual({
      disable: false,
      require: true,
      requireWithOtherCa: 'tls-verify',
      verifyCa: true,
      verifyCaOther: 'tls-verify',
      verifyFullByAddress: 'tls-hostname',
    });
  });
});
