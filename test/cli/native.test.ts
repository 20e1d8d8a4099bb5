/** Command lines on a native stack: what they refuse, and what they ask for, before anything of the machine is changed. */
import { spawnSync } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { run } from '../../src/cli.ts';
import { createTestDir, type FakeHostOptions } from '../support/fake-host.ts';
import { createRootedHost } from '../support/rooted-host.ts';
import type { CliOutcome } from '../support/run-cli.ts';

const SPEC = `apiVersion: pgmon/v1
name: shop
runtime: native
native: {binaries: archives, archives: /srv/archives}
grafana: {enabled: false}
servers:
  - {name: local, host: /var/run/postgresql}
`;

interface Machine {
  readonly cwd: string;
  readonly root: string;
  /** Every file and directory of the system, relative. */
  readonly listing: () => Promise<readonly string[]>;
}

/** Booted with systemd unless `boot` says otherwise. */
async function createMachine({ boot = true } = {}): Promise<Machine> {
  const dir = await createTestDir();
  const [cwd, root] = [path.join(dir, 'home'), path.join(dir, 'root')];
  await mkdir(cwd);
  await mkdir(path.join(root, boot ? 'run/systemd/system' : 'run'), { recursive: true });
  await mkdir(path.join(root, 'etc'));
  await writeFile(path.join(root, 'etc/passwd'), 'root:x:0:0:root:/root:/bin/bash\n');
  await writeFile(path.join(cwd, 'pgmon.yaml'), SPEC);
  return { cwd, root, listing: async () => (await readdir(root, { recursive: true })).sort() };
}

async function pgmon(
  { cwd, root }: Machine,
  words: readonly string[],
  options: Partial<FakeHostOptions> & { readonly uid?: number } = {},
): Promise<CliOutcome> {
  const host = createRootedHost({ cwd, root, ...options });
  const code = await run(['node', 'pgmon', ...words], host);
  return { code, stdout: host.written.stdout(), stderr: host.written.stderr() };
}

describe('a native stack where nobody can be asked', () => {
  it('is shown in full by up, which then wants --yes', async () => {
    const machine = await createMachine();
    const before = await machine.listing();
    const { code, stdout, stderr } = await pgmon(machine, ['up']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    for (const line of [
      'install program prometheus',
      'write file /etc/systemd/system/pgmon-shop-prometheus.service',
      'create user pgmon-prometheus',
      'enable and start prometheus',
      'hint: look at it with `pgmon up --dry-run`, then add --yes to confirm',
    ])
      expect(stderr).toContain(line);
    expect(await machine.listing()).toEqual(before);
  });

  it('has no images to pull', async () => {
    const machine = await createMachine();
    const { code, stderr } = await pgmon(machine, ['up', '--pull', 'always', '--yes']);
    expect([code, stderr]).toEqual([2, expect.stringContaining('--pull always asks a registry for images')]);
  });

  it('is not purged without --yes', async () => {
    const machine = await createMachine();
    const unit = path.join(machine.root, 'etc/systemd/system/pgmon-shop-prometheus.service');
    await pgmon(machine, ['render', '-o', machine.root]);
    expect(await readFile(unit, 'utf8')).toContain('[Service]');
    const before = await machine.listing();
    const { code, stderr } = await pgmon(machine, ['down', '--purge']);
    expect([code, stderr]).toEqual([2, expect.stringMatching(/--purge would delete \d+ files/)]);
    expect(stderr).toContain('hint: add --yes to confirm');
    expect(await machine.listing()).toEqual(before);
  });
});

describe('a native stack on a terminal', () => {
  it('is brought up only after a yes', async () => {
    const machine = await createMachine();
    const before = await machine.listing();
    const questions: string[] = [];
    const refuse = () => Promise.reject(new Error('asked something else'));
    const confirm = async ({ message }: { readonly message: string }) => {
      questions.push(message);
      return false;
    };
    const prompt = { confirm, input: refuse, password: refuse, select: refuse };
    const { code, stderr } = await pgmon(machine, ['up'], { isTTY: true, prompt });
    expect(questions).toEqual(['Change this machine so?']);
    expect([code, stderr]).toEqual([130, expect.stringContaining('not confirmed: nothing was changed')]);
    expect(await machine.listing()).toEqual(before);
  });
});

describe('who is not root', () => {
  it.each([['up', '--yes'], ['down'], ['diff']])('is told the way out by `%s`', async (...words) => {
    const machine = await createMachine();
    const { code, stderr } = await pgmon(machine, words, { uid: 1000 });
    expect([code, stderr]).toEqual([4, expect.stringMatching(/root/)]);
    expect(stderr).toContain('pgmon render --script');
  });

  it('gets the script, which a shell can read, and nothing is written', async () => {
    const machine = await createMachine({ boot: false });
    const before = [await machine.listing(), await readdir(machine.cwd)];
    const { code, stdout, stderr } = await pgmon(machine, ['render', '--script'], { uid: 1000 });
    expect([code, stderr]).toEqual([0, expect.not.stringContaining('error')]);
    expect(stdout).toMatch(/^#!\/bin\/sh\n/);
    expect(spawnSync('sh', ['-n'], { input: stdout, encoding: 'utf8' })).toMatchObject({
      status: 0,
      stderr: '',
    });
    expect([await machine.listing(), await readdir(machine.cwd)]).toEqual(before);
  });
});

describe('a machine without systemd', () => {
  it.each([['up', '--yes'], ['down'], ['status']])(
    'is refused by `%s`, with the script as a way out',
    async (...words) => {
      const machine = await createMachine({ boot: false });
      const before = await machine.listing();
      const { code, stderr } = await pgmon(machine, words);
      expect([code, stderr]).toEqual([4, expect.stringContaining('native mode needs systemd as PID 1')]);
      expect(stderr).toContain('pgmon render --script');
      expect(await machine.listing()).toEqual(before);
    },
  );
});

describe('what does not go with a native stack', () => {
  it.each([['up'], ['down'], ['status'], ['diff'], ['check'], ['logs']])(
    '-o is refused by `%s`',
    async (command) => {
      const { code, stderr } = await pgmon(await createMachine(), [command, '-o', 'elsewhere']);
      expect([code, stderr]).toEqual([2, expect.stringContaining('-o does not go with `runtime: native`')]);
    },
  );

  it.each([[['images', 'list']], [['images', 'pull']], [['images', 'save', 'a.tar']]])(
    'images: `%s`',
    async (words) => {
      const { code, stderr } = await pgmon(await createMachine(), words);
      expect([code, stderr]).toEqual([2, expect.stringContaining('runs no images')]);
      expect(stderr).toContain('native.binaries');
    },
  );
});

describe('the runtime of a stack', () => {
  it('is an option of down for one that is only named', async () => {
    const machine = await createMachine();
    const refused = await pgmon(machine, ['down', '--runtime', 'native']);
    expect([refused.code, refused.stderr]).toEqual([
      2,
      expect.stringContaining('--runtime goes with --name'),
    ]);
    const taken = await pgmon(machine, ['down', '--name', 'shop', '--runtime', 'native']);
    expect([taken.code, taken.stdout]).toEqual([0, expect.stringContaining('nothing to remove')]);
  });

  it('of Docker has no script', async () => {
    const machine = await createMachine();
    await writeFile(
      path.join(machine.cwd, 'pgmon.yaml'),
      'apiVersion: pgmon/v1\nname: shop\nservers: [{name: a, bundled: {database: a}}]\n',
    );
    const { code, stderr } = await pgmon(machine, ['render', '--script']);
    expect([code, stderr]).toEqual([2, expect.stringContaining('--script is for `runtime: native`')]);
  });
});
