/** How a failing command speaks: to a person, to a program, and where it may not ask. */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { createTestDir } from '../support/fake-host.ts';
import { runCli } from '../support/run-cli.ts';

const INVALID_SPEC = 'apiVersion: pgmon/v1\nname: demo\nscrap: {interval: 15s}\nprometheus: {port: none}\n';

async function dirWithSpec(text: string): Promise<string> {
  const dir = await createTestDir();
  await writeFile(path.join(dir, 'pgmon.yaml'), text);
  return dir;
}

describe('without a spec', () => {
  it('names the file and the command that writes one', async () => {
    const outcome = await runCli(['validate'], { cwd: await createTestDir() });
    expect(outcome).toMatchObject({ code: 2, stdout: '' });
    expect(outcome.stderr).toContain('no spec at pgmon.yaml');
    expect(outcome.stderr).toContain('hint: write one with `pgmon init`');
  });

  it.each([
    { words: ['-f', 'a.yaml', 'validate'] },
    { words: ['validate', '-f', 'a.yaml'] },
    { words: ['validate', '--file=a.yaml'] },
  ])('takes the name from before or after the command: `$words`', async ({ words }) => {
    const outcome = await runCli(words, { cwd: await createTestDir() });
    expect(outcome.stderr).toContain('no spec at a.yaml');
  });

  it('says that a directory is no spec', async () => {
    const cwd = await createTestDir();
    await mkdir(path.join(cwd, 'pgmon.yaml'));
    const outcome = await runCli(['validate'], { cwd });
    expect(outcome.code).toBe(2);
    expect(outcome.stderr).toContain('pgmon.yaml is a directory');
  });
});

describe('an invalid spec', () => {
  it('prints every problem with its place and ends with 3', async () => {
    const outcome = await runCli(['validate'], { cwd: await dirWithSpec(INVALID_SPEC) });
    expect(outcome.code).toBe(3);
    expect(outcome.stderr).toMatch(/^pgmon\.yaml:3:\d+ .*scrap/m);
    expect(outcome.stderr).toMatch(/^pgmon\.yaml:4:\d+ prometheus\.port: /m);
    expect(outcome.stderr).toMatch(/^error: the spec has \d+ problems$/m);
  });

  it('is data with --json', async () => {
    const outcome = await runCli(['render', '--json'], { cwd: await dirWithSpec(INVALID_SPEC) });
    expect(outcome).toMatchObject({ code: 3, stderr: '' });
    const document = JSON.parse(outcome.stdout);
    expect(document).toMatchObject({
      schemaVersion: 1,
      command: 'render',
      ok: false,
      error: { code: 'spec-invalid' },
    });
    expect(document.error.issues).toContainEqual(
      expect.objectContaining({ file: 'pgmon.yaml', line: 4, path: 'prometheus.port' }),
    );
  });
});

describe('an error that is not a terminal', () => {
  it('has no escape sequences, not even those of the value seen', async () => {
    const cwd = await dirWithSpec('apiVersion: pgmon/v1\nname: "\\e[31mred"\n');
    const outcome = await runCli(['validate'], { cwd });
    expect(outcome.code).toBe(3);
    expect(outcome.stderr).not.toContain('\u001b');
  });

  it('is coloured on a terminal, and not with NO_COLOR', async () => {
    const cwd = await createTestDir();
    const coloured = await runCli(['validate'], { cwd, isTTY: true });
    const plain = await runCli(['validate'], { cwd, isTTY: true, env: { NO_COLOR: '1' } });
    expect(coloured.stderr).toContain('\u001b[31merror:');
    expect(plain.stderr).not.toContain('\u001b');
  });
});

describe('an interrupted run', () => {
  it('ends with 130', async () => {
    const cwd = await dirWithSpec(
      'apiVersion: pgmon/v1\nname: demo\nservers: [{name: demo, bundled: {database: app}}]\n',
    );
    const outcome = await runCli(['up', '--json'], { cwd, signal: AbortSignal.abort() });
    expect(outcome.code).toBe(130);
    expect(JSON.parse(outcome.stdout)).toMatchObject({ command: 'up', ok: false });
  });
});
