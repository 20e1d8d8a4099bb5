/** Files that the user names: what is there already is written to, never replaced by something else. */
import { execFile } from 'node:child_process';
import { chmod, lstat, readdir, readFile, readlink, stat, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { writeOutput } from '../../../src/commands/write-output.ts';
import { createFakeHost, createTestDir } from '../../support/fake-host.ts';

const run = promisify(execFile);
const write = (cwd: string, file: string, content: string) =>
  writeOutput(createFakeHost({ cwd }), { file, content, errorCode: 'report-not-written' });

describe('a file that the user names', () => {
  it('is made with its directories, and replaced with its mode kept', async () => {
    const cwd = await createTestDir();
    await write(cwd, 'a/b.html', 'one');
    await chmod(path.join(cwd, 'a/b.html'), 0o600);
    await write(cwd, 'a/b.html', 'two');
    expect(await readFile(path.join(cwd, 'a/b.html'), 'utf8')).toBe('two');
    expect((await stat(path.join(cwd, 'a/b.html'))).mode & 0o777).toBe(0o600);
    expect(await readdir(path.join(cwd, 'a'))).toEqual(['b.html']);
  });

  it.each([
    ['a file', true],
    ['nothing yet', false],
  ])('is the target of a symlink to %s', async (_, isThere) => {
    const cwd = await createTestDir();
    if (isThere) await writeFile(path.join(cwd, 'target.html'), 'old and longer');
    await symlink('target.html', path.join(cwd, 'near'));
    await symlink('near', path.join(cwd, 'link'));
    await write(cwd, 'link', 'new');
    expect(await readFile(path.join(cwd, 'target.html'), 'utf8')).toBe('new');
    expect(await readlink(path.join(cwd, 'link'))).toBe('near');
    expect((await readdir(cwd)).sort()).toEqual(['link', 'near', 'target.html']);
  });

  it.each(['pipe', 'link'])('may be a pipe, which stays one (%s)', async (name) => {
    const cwd = await createTestDir();
    await run('mkfifo', [path.join(cwd, 'pipe')]);
    await symlink('pipe', path.join(cwd, 'link'));
    const content = 'a line\n'.repeat(40_000);
    const [{ stdout }] = await Promise.all([
      run('cat', ['pipe'], { cwd, timeout: 10_000 }),
      write(cwd, name, content),
    ]);
    expect(stdout).toBe(content);
    expect((await lstat(path.join(cwd, 'pipe'))).isFIFO()).toBe(true);
  });

  it('is refused with its name and the reason where it is a directory, a loop, or below a file', async () => {
    const cwd = await createTestDir();
    await writeFile(path.join(cwd, 'file'), '');
    await symlink('loop', path.join(cwd, 'loop'));
    const reasons = { '.': 'EISDIR', loop: 'ELOOP', 'file/x': 'ENOTDIR' };
    for (const [file, reason] of Object.entries(reasons)) {
      const refusal = { message: expect.stringMatching(`^cannot write ${file}: .*${reason}`), exitCode: 4 };
      await expect(write(cwd, file, 'x')).rejects.toMatchObject(refusal);
    }
    expect((await readdir(cwd)).sort()).toEqual(['file', 'loop']);
  });
});
