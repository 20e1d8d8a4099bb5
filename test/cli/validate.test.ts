/** `pgmon validate` and `pgmon schema`: what people and programs get. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { createTestDir } from '../support/fake-host.ts';
import { runCli } from '../support/run-cli.ts';

const SPEC = 'apiVersion: pgmon/v1\nname: x\nservers: [{name: a, host: h}, {name: b, host: h}]\n';

async function validate(text: string, words: readonly string[] = []) {
  const cwd = await createTestDir();
  await writeFile(path.join(cwd, 'pgmon.yaml'), text);
  return await runCli(['validate', ...words], { cwd });
}

describe('pgmon validate', () => {
  it('sums up a valid spec on stdout', async () => {
    const { code, stdout, stderr } = await validate(SPEC);
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: 'warning: alerts are shown, not sent: `alerting.receivers` is empty\n',
    });
    expect(stdout).toMatch(
      /^valid: stack x, 2 servers, 0 receivers; postgres-exporter [\d.]+, sql-exporter [\d.]+, prometheus [\d.]+, /,
    );
  });

  it('warns on stderr, and in JSON', async () => {
    const open = `${SPEC}prometheus: {bind: 0.0.0.0}\n`;
    expect((await validate(open)).stderr).toContain('prometheus listens on 0.0.0.0 and asks for no password');
    const { stdout } = await validate(open, ['--json']);
    expect(JSON.parse(stdout)).toMatchObject({ ok: true, valid: true, servers: ['a', 'b'] });
    expect(JSON.parse(stdout).warnings).toHaveLength(2);
  });

  it('prints every problem with its place and exits 3', async () => {
    const { code, stdout, stderr } = await validate(
      'apiVersion: pgmon/v1\nname: 1\nservers:\n  - {name: a, hots: h}\n',
    );
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toContain(
      'pgmon.yaml:2:7 name: must be a text, but 1 without quotes is read as a number: write "1"',
    );
    expect(stderr).toContain('pgmon.yaml:4:15 servers[0].hots: unknown key "hots"; did you mean "host"?');
  });

  it('exits 3 for what this version cannot do yet', async () => {
    const { code, stderr } = await validate(`${SPEC}logs: {}\n`);
    expect(code).toBe(3);
    expect(stderr).toContain(
      'pgmon.yaml:4:1 logs: asks for logs, which this version of pgmon does not do yet',
    );
  });

  it('repeats no secret on any stream', async () => {
    const { stdout, stderr } = await validate(
      'apiVersion: pgmon/v1\nname: x\nservers: [{name: a, host: h, password: hunter2}]\n',
    );
    expect(stdout + stderr).not.toContain('hunter2');
    expect(stderr).toContain('servers[0].password: must not stand in the spec itself');
  });
});

describe('pgmon schema', () => {
  it('prints a JSON Schema', async () => {
    const { code, stdout } = await runCli(['schema'], { cwd: await createTestDir() });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      title: 'pgmon spec (pgmon/v1)',
      type: 'object',
      additionalProperties: false,
    });
  });
});
