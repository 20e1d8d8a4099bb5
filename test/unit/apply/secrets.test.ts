/** Where secret values come from, and that no message shows one. */
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { readSecretFiles, writeSecretFiles } from '../../../src/apply/secret-files.ts';
import { readSecrets } from '../../../src/apply/secrets.ts';
import { EnvironmentError } from '../../../src/errors.ts';
import type { SecretSource } from '../../../src/stack/stack.ts';
import { createFakeHost, createTestDir } from '../../support/fake-host.ts';

const generated: SecretSource = { kind: 'generated', length: 32 };

async function prepare(
  sources: Readonly<Record<string, SecretSource>>,
  env: Readonly<Record<string, string>> = {},
) {
  const outDir = await createTestDir();
  const host = createFakeHost({ cwd: outDir, env });
  const stack = { secrets: Object.entries(sources).map(([id, source]) => ({ id, source })) };
  return { outDir, host, read: (create: boolean) => readSecrets(host, { stack, outDir, create }) };
}

function modeOf(file: string): number {
  return statSync(file).mode & 0o777;
}

it('takes a value from the environment', async () => {
  const { read } = await prepare({ a: { kind: 'env', name: 'SECRET_A' } }, { SECRET_A: 'value-a' });
  expect(await read(false)).toEqual(new Map([['a', 'value-a']]));
});

it.each([
  ['is not set', {}],
  ['is empty', { SECRET_A: '' }],
])('refuses a variable that %s, naming it and the place in the spec', async (reason, env) => {
  const { read } = await prepare({ 'servers.a.password': { kind: 'env', name: 'SECRET_A' } }, env);
  const error = await read(false).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(EnvironmentError);
  expect((error as EnvironmentError).message).toBe(
    `servers.a.password: the environment variable SECRET_A ${reason}`,
  );
  expect((error as EnvironmentError).hint).toContain('SECRET_A');
});

it('leaves out what the caller can do without when it cannot be read', async () => {
  const missing: SecretSource = { kind: 'env', name: 'SECRET_A' };
  const { host, outDir } = await prepare({});
  const stack = { secrets: ['alerting.a', 'servers.a'].map((id) => ({ id, source: missing })) };
  const read = (isOptional: (id: string) => boolean) =>
    readSecrets(host, { stack, outDir, create: false, isOptional });
  expect(await read(() => true)).toEqual(new Map());
  await expect(read((id) => id.startsWith('alerting.'))).rejects.toThrow(
    'servers.a: the environment variable',
  );
});

it('trims line ends of passwords and keeps PEM files as they are', async () => {
  const dir = await createTestDir();
  const file = path.join(dir, 'value');
  writeFileSync(file, 'secret\r\n\n');
  const { read } = await prepare({
    password: { kind: 'file', path: file, trim: true },
    pem: { kind: 'file', path: file, trim: false },
  });
  expect(await read(false)).toEqual(
    new Map([
      ['password', 'secret'],
      ['pem', 'secret\r\n\n'],
    ]),
  );
});

it('names a file that cannot be read and why', async () => {
  const dir = await createTestDir();
  mkdirSync(path.join(dir, 'directory'));
  for (const [name, code] of [
    ['missing', 'ENOENT'],
    ['directory', 'EISDIR'],
  ]) {
    const file = path.join(dir, name ?? '');
    const { read } = await prepare({ ca: { kind: 'file', path: file, trim: false } });
    await expect(read(false)).rejects.toThrow(`ca: cannot read ${file}: ${code}`);
  }
});

it('makes a generated secret once and only when asked to', async () => {
  const { read, outDir } = await prepare({ a: generated, b: generated });
  expect(await read(false)).toEqual(new Map());
  expect(readdirSync(outDir)).toEqual([]);
  const first = await read(true);
  expect(first.get('a')).toMatch(/^[A-Za-z0-9]{32}$/);
  expect(first.get('a')).not.toBe(first.get('b'));
  expect(await read(true)).toEqual(first);
  expect(await read(false)).toEqual(first);
});

it('keeps generated secrets where only their owner can read them, out of version control', async () => {
  const { read, outDir } = await prepare({ a: generated });
  await read(true);
  expect(modeOf(path.join(outDir, 'secrets'))).toBe(0o700);
  expect(modeOf(path.join(outDir, 'secrets/generated'))).toBe(0o700);
  expect(modeOf(path.join(outDir, 'secrets/generated/a'))).toBe(0o600);
  expect(readFileSync(path.join(outDir, 'secrets/.gitignore'), 'utf8')).toBe('*\n');
});

it('keeps a bcrypt hash as long as it fits its password', async () => {
  const sources = { 'web.hash': { kind: 'bcrypt', of: 'web.password' }, 'web.password': generated } as const;
  const { read, outDir } = await prepare(sources);
  expect((await read(false)).has('web.hash')).toBe(false);
  const first = await read(true);
  expect(first.get('web.hash')).toMatch(/^\$2[aby]\$10\$/);
  expect((await read(true)).get('web.hash')).toBe(first.get('web.hash'));
  writeFileSync(path.join(outDir, 'secrets/generated/web.password'), 'another one');
  expect((await read(false)).has('web.hash')).toBe(false);
  expect((await read(true)).get('web.hash')).not.toBe(first.get('web.hash'));
});

it('writes mounted secret files readable for the service inside a closed directory', async () => {
  const outDir = await createTestDir();
  const host = createFakeHost({ cwd: outDir });
  await writeSecretFiles(host, { outDir, runtime: 'docker' }, new Map([['secrets/grafana/key', 'text']]));
  expect(modeOf(path.join(outDir, 'secrets'))).toBe(0o700);
  expect(modeOf(path.join(outDir, 'secrets/grafana'))).toBe(0o755);
  expect(modeOf(path.join(outDir, 'secrets/grafana/key'))).toBe(0o444);
  const files = await readSecretFiles(host, outDir);
  expect([...files].map(([file, { text }]) => [file, text])).toEqual([['secrets/grafana/key', 'text']]);
});

it('looks only where services mount: what somebody else keeps below secrets/ is not ours to remove', async () => {
  const outDir = await createTestDir();
  const host = createFakeHost({ cwd: outDir });
  await host.fs.writeAtomic(path.join(outDir, 'secrets/mine/password'), 'kept');
  expect([...(await readSecretFiles(host, outDir)).keys()]).toEqual([]);
});
