/** What a wrong or an asking command line gets. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createTestDir } from '../support/fake-host.ts';
import { CLI } from '../support/kill-cli.ts';
import { runCli } from '../support/run-cli.ts';

describe('a wrong command line', () => {
  it.each([
    { words: ['vaildate'], seen: "unknown command 'vaildate'", hint: 'Did you mean validate?' },
    { words: ['up', '--dryrun'], seen: "unknown option '--dryrun'", hint: 'Did you mean --dry-run?' },
    { words: ['down', '--name', '../..', '--yes'], seen: 'no stack', hint: 'lower-case letters' },
    { words: ['down', '--timeout', 'soon'], seen: "argument 'soon' is invalid", hint: '--help' },
    { words: ['logs', '--tail', '-1'], seen: "argument '-1' is invalid", hint: '--help' },
    { words: ['images', 'save'], seen: "missing required argument 'archive'", hint: '--help' },
    { words: ['validate', 'extra'], seen: 'too many arguments', hint: '--help' },
    { words: ['validate', '--file'], seen: 'argument missing', hint: '--help' },
    { words: ['role', 'remove', '--server', ''], seen: 'Name a server of the spec', hint: '--help' },
    { words: ['check', '--panels', '--server', ','], seen: 'Name a server of the spec', hint: '--help' },
  ])('ends with 2 and a way out for `$words`', async ({ words, seen, hint }) => {
    const outcome = await runCli(words, { cwd: await createTestDir() });
    expect(outcome).toMatchObject({ code: 2, stdout: '' });
    expect(outcome.stderr).toContain(`error: `);
    expect(outcome.stderr).toContain(seen);
    expect(outcome.stderr).toContain(hint);
  });

  it('is one JSON document with --json', async () => {
    const outcome = await runCli(['up', '--json', '--nope'], { cwd: await createTestDir() });
    expect(outcome).toMatchObject({ code: 2, stderr: '' });
    expect(JSON.parse(outcome.stdout)).toMatchObject({
      schemaVersion: 1,
      command: 'up',
      ok: false,
      error: { code: 'usage', message: "unknown option '--nope'" },
    });
  });

  it.each([[['--json']], [['rules', '--json']]])('is JSON for `%s`, which lacks a command', async (words) => {
    const outcome = await runCli(words, { cwd: await createTestDir() });
    expect(outcome.code).toBe(2);
    expect(JSON.parse(outcome.stdout)).toMatchObject({
      ok: false,
      error: { code: 'usage', message: 'a command is missing' },
    });
  });

  it('shows the help and ends with 2 when there is no command', async () => {
    const outcome = await runCli([], { cwd: await createTestDir() });
    expect(outcome).toMatchObject({ code: 2, stdout: '' });
    expect(outcome.stderr).toContain('Usage: pgmon');
  });
});

describe('help', () => {
  it.each([[['--help']], [['help']], [['up', '--help']], [['help', 'logs']], [['images', 'save', '-h']]])(
    'goes to stdout with exit code 0 for `%s`',
    async (words) => {
      const outcome = await runCli(words, { cwd: await createTestDir() });
      expect(outcome).toMatchObject({ code: 0, stderr: '' });
      expect(outcome.stdout).toContain('Usage: pgmon');
      expect(outcome.stdout).toContain('Example');
    },
  );

  it('lists every command and every exit code', async () => {
    const { stdout } = await runCli(['--help'], { cwd: await createTestDir() });
    for (const name of [
      'init',
      'validate',
      'render',
      'diff',
      'up',
      'status',
      'check',
      'logs',
      'images',
      'schema',
      'down',
    ]) {
      expect(stdout).toMatch(new RegExp(`^ {2}${name} `, 'm'));
    }
    for (const code of [0, 1, 2, 3, 4, 5, 6, 10, 130])
      expect(stdout).toMatch(new RegExp(`\\b${code} {2,}\\w`));
  });
});

it('prints the version of package.json', async () => {
  const { default: manifest } = await import('../../package.json', { with: { type: 'json' } });
  const outcome = await runCli(['--version'], { cwd: await createTestDir() });
  expect(outcome).toEqual({ code: 0, stdout: `${manifest.version}\n`, stderr: '' });
});

it.skipIf(process.platform !== 'linux')(
  'says that its output cannot be written, without a stack trace (Linux has a full device)',
  async () => {
    const full = await open('/dev/full', 'w');
    onTestFinished(() => full.close());
    const child = spawn(process.execPath, [CLI, 'schema'], { stdio: ['ignore', full.fd, 'pipe'] });
    const [stderr, [code]] = await Promise.all([
      text(child.stderr ?? Readable.from([])),
      once(child, 'exit'),
    ]);
    expect({ code, stderr }).toEqual({
      code: 4,
      stderr: 'error: cannot write the output: no space left on the disk (ENOSPC)\n',
    });
  },
);
