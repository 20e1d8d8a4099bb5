import { describe, expect, test } from 'vitest';
import type { Exec, ExecResult, HostFs } from '../../../src/host/host.ts';
import { findRegistryAuth, registryOf } from '../../../src/providers/docker/registry-auth.ts';

const signal = new AbortController().signal;
const base64 = (text: string) => Buffer.from(text).toString('base64');
const refuseExec: Exec = async () => {
  throw new Error('no helper is configured');
};

function find(config: object, reference: string, exec: Exec = refuseExec) {
  const fs = { readTextIfExists: async () => JSON.stringify(config) } as unknown as HostFs;
  return findRegistryAuth({ env: {}, homeDir: '/home/u', fs, exec }, reference, signal);
}

test.each([
  ['postgres', 'docker.io'],
  ['prom/prometheus:v3', 'docker.io'],
  ['quay.io/prometheus/node-exporter:v1', 'quay.io'],
  ['localhost/pgmon/x:1', 'localhost'],
  ['registry:5000/x', 'registry:5000'],
])('the registry of %s is %s', (reference, registry) => {
  expect(registryOf(reference)).toBe(registry);
});

describe('credentials in the configuration', () => {
  test("Docker Hub's are found under its index address", async () => {
    const config = { auths: { 'https://index.docker.io/v1/': { auth: base64('me:pa:ss') } } };
    expect(await find(config, 'prom/prometheus:v3')).toEqual({
      auth: { username: 'me', password: 'pa:ss', serveraddress: 'https://index.docker.io/v1/' },
      problem: null,
    });
  });

  test.each(['r.example', 'https://r.example', 'https://r.example/v1/'])(
    "another registry's are found under %s",
    async (key) => {
      const { auth } = await find({ auths: { [key]: { auth: base64('me:pw') } } }, 'r.example/x:1');
      expect(auth).toMatchObject({ username: 'me', password: 'pw' });
    },
  );

  test('are not sent to another registry', async () => {
    const config = { auths: { 'r.example': { auth: base64('me:pw') } } };
    expect(await find(config, 'r.example.org/x:1')).toEqual({ auth: null, problem: null });
    expect(await find(config, 'x:1')).toEqual({ auth: null, problem: null });
  });

  test('an identity token goes alone', async () => {
    const config = { auths: { 'r.example': { auth: base64('me:'), identitytoken: 'tok' } } };
    expect((await find(config, 'r.example/x')).auth).toEqual({
      identitytoken: 'tok',
      serveraddress: 'r.example',
    });
  });

  test('an entry without user and password is a problem, not a crash', async () => {
    const { auth, problem } = await find({ auths: { 'r.example': { auth: '!!!' } } }, 'r.example/x');
    expect(auth).toBeNull();
    expect(problem).toContain('r.example');
  });
});

function helper(result: Partial<ExecResult>) {
  const calls: { file: string; args: readonly string[]; input: string | undefined }[] = [];
  const exec: Exec = async (file, args, options) => {
    calls.push({ file, args, input: options?.input });
    return { exitCode: 0, stdout: '', stderr: '', errorCode: null, ...result };
  };
  return { exec, calls };
}

describe('credential helpers', () => {
  const answer = JSON.stringify({ ServerURL: 'r.example', Username: 'me', Secret: 'pw' });

  test("a registry's own helper wins over the store and is asked through stdin", async () => {
    const { exec, calls } = helper({ stdout: answer });
    const { auth } = await find(
      { credsStore: 'desktop', credHelpers: { 'r.example': 'ecr' } },
      'r.example/x',
      exec,
    );
    expect(auth).toEqual({ username: 'me', password: 'pw', serveraddress: 'r.example' });
    expect(calls).toEqual([{ file: 'docker-credential-ecr', args: ['get'], input: 'r.example' }]);
  });

  test('the store is asked for Docker Hub under its index address', async () => {
    const { exec, calls } = helper({ stdout: answer });
    await find({ credsStore: 'desktop' }, 'postgres:18', exec);
    expect(calls[0]).toMatchObject({
      file: 'docker-credential-desktop',
      input: 'https://index.docker.io/v1/',
    });
  });

  test('<token> as the user means an identity token', async () => {
    const { exec } = helper({ stdout: JSON.stringify({ Username: '<token>', Secret: 'tok' }) });
    expect((await find({ credsStore: 's' }, 'r.example/x', exec)).auth).toEqual({
      identitytoken: 'tok',
      serveraddress: 'r.example',
    });
  });

  test('no entry in the helper is an anonymous pull', async () => {
    const { exec } = helper({ exitCode: 1, stdout: 'credentials not found in native keychain\n' });
    expect(await find({ credsStore: 's' }, 'r.example/x', exec)).toEqual({ auth: null, problem: null });
  });

  test.each([
    [{ exitCode: null, errorCode: 'ENOENT' }, 'docker-credential-s is not installed'],
    [{ exitCode: 1, stderr: 'locked' }, 'docker-credential-s failed'],
    [{ stdout: 'not json' }, 'docker-credential-s gave no credentials'],
  ])('a helper that fails (%j) is told as a problem', async (result, problem) => {
    const found = await find({ credsStore: 's' }, 'r.example/x', helper(result).exec);
    expect(found).toEqual({ auth: null, problem: expect.stringContaining(problem) });
  });
});
