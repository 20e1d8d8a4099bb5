/** `pgmon init`: every question has a flag, nothing is overwritten or asked by surprise, what it writes is valid. */
import { readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Prompt } from '../../src/host/host.ts';
import { createTestDir } from '../support/fake-host.ts';
import { runCli } from '../support/run-cli.ts';

async function readSpec(dir: string): Promise<string> {
  return await readFile(path.join(dir, 'pgmon.yaml'), 'utf8');
}

/** Answers by the first words of a question; a question that is not listed fails the test. */
function answering(answers: Readonly<Record<string, string | boolean>>): Prompt {
  const answer = (message: string): string | boolean => {
    const found = Object.entries(answers).find(([start]) => message.startsWith(start));
    if (found === undefined) throw new Error(`unexpected question: ${message}`);
    return found[1];
  };
  return {
    async input({ message, validate, default: standard }) {
      const value = answer(message);
      const text = value === true ? (standard ?? '') : String(value);
      const verdict = validate?.(text) ?? true;
      if (verdict !== true) throw new Error(`${message}: ${verdict}`);
      return text;
    },
    password: async ({ message }) => String(answer(message)),
    confirm: async ({ message }) => answer(message) === true,
    select: async ({ message }) => String(answer(message)),
  };
}

describe('pgmon init', () => {
  it('writes a valid spec with a bundled server when it may take the defaults', async () => {
    const cwd = await createTestDir();
    const outcome = await runCli(['init', '--yes'], { cwd });
    expect(outcome).toMatchObject({ code: 0, stderr: '' });
    expect(outcome.stdout).toBe('wrote pgmon.yaml\nnext: pgmon validate && pgmon up\n');
    expect(await readSpec(cwd)).toContain('    bundled:\n');
    expect((await runCli(['validate'], { cwd })).code).toBe(0);
  });

  it('writes what the flags say without a terminal', async () => {
    const cwd = await createTestDir();
    const flags = [
      '--name',
      'shop',
      '--host',
      'db1.example.com',
      '--port',
      '6432',
      '--database',
      'shop',
      '--user',
      'watch',
    ];
    const more = [
      '--password-env',
      'DB1_PW',
      '--environment',
      'prod',
      '--webhook',
      'http://hooks.example.com/x',
      '--no-grafana',
    ];
    expect(await runCli(['init', ...flags, ...more], { cwd })).toMatchObject({ code: 0, stderr: '' });
    const { stdout } = await runCli(['validate', '--json'], { cwd });
    expect(JSON.parse(stdout)).toMatchObject({
      valid: true,
      name: 'shop',
      servers: ['db1'],
      receivers: ['hook'],
    });
    expect(await readSpec(cwd)).toContain('    password: {env: DB1_PW}\n');
  });

  it('writes a server on the local socket for the native runtime, without a password to keep', async () => {
    const cwd = await createTestDir();
    const flags = ['--runtime', 'native', '--host', '/var/run/postgresql', '--name', 'shop'];
    expect(await runCli(['init', ...flags, '--yes'], { cwd })).toMatchObject({ code: 0, stderr: '' });
    const spec = await readSpec(cwd);
    expect(spec).toContain('runtime: native');
    expect(spec).toContain('    admin: {user: postgres}\n');
    expect(spec).not.toMatch(/^ +password:/m);
    const { stdout } = await runCli(['validate', '--json'], { cwd });
    expect(JSON.parse(stdout)).toMatchObject({ valid: true, name: 'shop', servers: ['local'] });
  });

  it('runs no server of its own natively', async () => {
    const cwd = await createTestDir();
    const outcome = await runCli(['init', '--runtime', 'native', '--bundled', '--yes'], { cwd });
    expect(outcome.code).toBe(2);
    expect(outcome.stderr).toContain('--bundled does not go with --runtime native');
  });

  it('asks a person what no flag says', async () => {
    const cwd = await createTestDir();
    const prompt = answering({
      'Name of the stack': 'mine',
      'Run a PostgreSQL': false,
      'Host name': '10.0.0.7',
      Port: true,
      'Monitoring role': true,
      'Database to': true,
      'Where does the password': 'file',
      'Path of the file': 'secrets/pw',
      'URL to post': true,
      'Run Grafana': true,
    });
    const outcome = await runCli(['init', '--environment', 'dev'], { cwd, isTTY: true, prompt });
    expect(outcome.code).toBe(0);
    expect(await readSpec(cwd)).toContain('    password: {file: "secrets/pw"}\n');
    expect((await runCli(['validate'], { cwd })).stdout).toContain('valid: stack mine, 1 server');
  });

  it('names the flags when nobody can be asked', async () => {
    const cwd = await createTestDir();
    const outcome = await runCli(['init', '--name', 'x'], { cwd });
    expect(outcome.code).toBe(2);
    expect(outcome.stderr).toContain('--bundled or --host is not given and there is no terminal to ask on');
    expect(outcome.stderr).toContain('--password-env');
    expect(await stat(path.join(cwd, 'pgmon.yaml')).catch(() => null)).toBeNull();
  });

  it('does not overwrite a file unless --force says so', async () => {
    const cwd = await createTestDir();
    await writeFile(path.join(cwd, 'pgmon.yaml'), 'mine\n');
    const refused = await runCli(['init', '--yes'], { cwd });
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('pgmon.yaml exists already');
    expect(await readSpec(cwd)).toBe('mine\n');
    expect((await runCli(['init', '--yes', '--force'], { cwd })).code).toBe(0);
  });

  it.each([
    [['--host', 'http://x'], '--host must be a host name'],
    [['--host', 'h', '--port', '70000'], '--port must be at most 65535'],
    [['--host', 'h', '--port', 'x'], '--port must be'],
    [['--name', 'Shop'], '--name must be lower-case letters'],
    [['--bundled', '--user', 'x'], '--user does not go with --bundled'],
    [['--bundled', '--password-env', 'x'], '--password-env does not go with --bundled'],
    [['--host', 'h', '--password-env', 'A', '--password-file', 'b'], 'only one of --password-env'],
    [['--webhook', 'https://u:hunter2@example.com/'], '--webhook must not have a user or password in it'],
    [['--webhook', 'https://example.com/?token=hunter2'], '--webhook must not have a token'],
    [['--host', 'h', '--password-env', 'hunter-2!'], '--password-env'],
  ])('refuses %j', async (flags, message) => {
    const cwd = await createTestDir();
    const outcome = await runCli(['init', '--yes', ...flags], { cwd });
    expect(outcome.code).toBe(2);
    expect(outcome.stderr).toContain(message);
    expect(outcome.stderr).not.toMatch(/hunter/);
    expect(await stat(path.join(cwd, 'pgmon.yaml')).catch(() => null)).toBeNull();
  });

  it('says when the place cannot be written', async () => {
    const cwd = await createTestDir();
    await writeFile(path.join(cwd, 'file'), '');
    const outcome = await runCli(['init', '--yes', '-f', 'file/pgmon.yaml'], { cwd });
    expect(outcome.code).toBe(4);
    expect(outcome.stderr).toContain('cannot write file/pgmon.yaml: ENOTDIR');
  });
});
