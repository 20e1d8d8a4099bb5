import { describe, expect, it } from 'vitest';
import type { Exec, Host } from '../../../src/host/host.ts';
import { openApt } from '../../../src/images/apt.ts';
import { createFakeHost, createTestDir } from '../../support/fake-host.ts';

const OPTIONS = { architecture: 'amd64', signal: new AbortController().signal };
const DEBIAN = 'ID=debian\nVERSION_CODENAME=bookworm\n';

const answer = (stdout: string, exitCode: number | null = 0, stderr = '') => ({
  exitCode,
  stdout,
  stderr,
  errorCode: null,
});

/** A machine with these answers, Debian's name and, unless told otherwise, Debian's keys. */
async function machine(
  exec: Exec,
  hasKeys = true,
): Promise<{ readonly host: Host; readonly stateDir: string }> {
  const stateDir = await createTestDir();
  const real = createFakeHost({ cwd: stateDir, exec });
  const fs: Host['fs'] = {
    ...real.fs,
    readTextIfExists: async (file) => (file === '/etc/os-release' ? DEBIAN : null),
    list: async (dir) => (dir === '/etc/apt/sources.list.d' ? [] : real.fs.list(dir)),
    stat: async (file) => {
      if (!file.startsWith('/usr/share/keyrings/')) return real.fs.stat(file);
      return hasKeys ? { kind: 'file', size: 1, mtimeMs: 0, mode: 0o644 } : null;
    },
  };
  return { host: { ...real, fs }, stateDir };
}

describe('openApt', () => {
  it('refuses a machine without apt-get and says what else can be done', async () => {
    const { host, stateDir } = await machine(async () => answer('', null));
    await expect(openApt(host, { ...OPTIONS, stateDir })).rejects.toMatchObject({
      code: 'not-debian',
      message: expect.stringContaining('apt-get'),
      hint: expect.stringContaining('pgmon images load'),
    });
  });

  it("names the package to install where Debian's keys are missing", async () => {
    const { host, stateDir } = await machine(async () => answer(''), false);
    await expect(openApt(host, { ...OPTIONS, stateDir })).rejects.toMatchObject({
      code: 'keyring-missing',
      hint: 'apt-get install debian-archive-keyring',
    });
  });

  it("fails with apt's own words when the mirror does not answer", async () => {
    const exec: Exec = async (_file, args) =>
      args.includes('update') ? answer('', 100, 'W: something\nE: The mirror is away\n') : answer('');
    const { host, stateDir } = await machine(exec);
    await expect(openApt(host, { ...OPTIONS, stateDir })).rejects.toThrow(
      /package lists: E: The mirror is away$/,
    );
  });

  it('reads names and versions from what apt would download', async () => {
    const printed = [
      "'http://m.example/debian/pool/l/libattr1_2.6.0-1_amd64.deb' libattr1_1%3a2.6.0-1_amd64.deb 24676 SHA256:ab",
      "'http://m.example/debian/pool/t/tzdata_2026f-1_all.deb' tzdata_2026f-1_all.deb 263396 SHA256:cd",
      'a line of another kind',
    ].join('\n');
    const { host, stateDir } = await machine(async (_file, args) =>
      answer(args.includes('--print-uris') ? printed : ''),
    );
    const apt = await openApt(host, { ...OPTIONS, stateDir });
    expect(await apt.find(['tzdata'])).toEqual([
      { name: 'libattr1', version: '1:2.6.0-1', file: 'libattr1_1%3a2.6.0-1_amd64.deb' },
      { name: 'tzdata', version: '2026f-1', file: 'tzdata_2026f-1_all.deb' },
    ]);
  });
});
