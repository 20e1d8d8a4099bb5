/** What is made of psql's answers over the local socket. The real server is asked in the tests under systemd. */
import { describe, expect, it } from 'vitest';
import type { Exec, ExecResult } from '../../../src/host/host.ts';
import { runLocalPsql } from '../../../src/host/local-psql.ts';

const LOGIN = {
  host: '/var/run/postgresql',
  port: 5432,
  database: 'shop',
  role: 'pgmon',
  systemUser: 'pgmon',
  applicationName: 'pgmon check',
  timeoutMs: 5000,
};
const DONE: ExecResult = { exitCode: 0, stdout: '998\n', stderr: '', errorCode: null };

/** `id` finds the user; psql does as told. */
function hostWith(psql: Partial<ExecResult>, uid: number | null = 0) {
  const calls: { readonly file: string; readonly args: readonly string[]; readonly input: string }[] = [];
  const exec: Exec = async (file, args, { input = '' } = {}) => {
    calls.push({ file, args, input });
    return file === 'id' ? DONE : { ...DONE, ...psql };
  };
  return { host: { exec, uid }, calls };
}

const run = (host: Parameters<typeof runLocalPsql>[0], sql = 'SELECT 1;\n') =>
  runLocalPsql(host, LOGIN, sql, new AbortController().signal);

describe('psql over the local socket', () => {
  it('runs as the system user and its group, with the statements on stdin only', async () => {
    const { host, calls } = hostWith({ stdout: '{"a":1}\n' });
    expect(await run(host, "ALTER ROLE x PASSWORD 'verifier';\n")).toBe('{"a":1}');
    const psql = calls.at(-1);
    expect(psql?.file).toBe('setpriv');
    expect(psql?.args.join(' ')).toMatch(/^--reuid pgmon --regid 998 --init-groups -- psql /);
    expect(psql?.args.join(' ')).not.toContain('verifier');
    expect(psql?.input).toContain('verifier');
  });

  it('hands on the state and the words of a refusal like the driver does', async () => {
    const stderr = 'psql:<stdin>:1: ERROR:  42501: permission denied to create extension\nLOCATION: x\n';
    const { host } = hostWith({ exitCode: 3, stderr });
    await expect(run(host)).rejects.toMatchObject({
      code: '42501',
      message: expect.stringMatching(/^ERROR: {2}42501: permission denied/),
    });
  });

  it('does not repeat the statement that psql quotes', async () => {
    const quoted = `LINE 1: ALTER ROLE x PASWORD 'verifier'\n        ^\nCONTEXT:  SQL statement "… 'verifier'"\n`;
    const stderr = `psql:<stdin>:6: ERROR:  42601: syntax error at or near "PASWORD"\n${quoted}LOCATION: x\n`;
    await expect(run(hostWith({ exitCode: 3, stderr }).host)).rejects.toMatchObject({
      code: '42601',
      message: 'ERROR:  42601: syntax error at or near "PASWORD"',
    });
  });

  it('refuses to be anybody but root, and to log in as a user that is not there', async () => {
    await expect(run(hostWith({}, 1000).host)).rejects.toMatchObject({ code: 'not-root' });
    const nobody: Exec = async () => ({ ...DONE, exitCode: 1 });
    await expect(run({ exec: nobody, uid: 0 })).rejects.toMatchObject({ code: 'no-system-user' });
  });

  it('names psql when it is not installed', async () => {
    const { host } = hostWith({ exitCode: 127, stderr: 'setpriv: failed to execute psql: No such file' });
    await expect(run(host)).rejects.toMatchObject({ code: 'psql-missing' });
  });
});
