import { chmod, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readExistingFiles, writeFiles } from '../../src/apply/write-files.ts';
import { GENERATED_MARK } from '../../src/conventions.ts';
import { EnvironmentError } from '../../src/errors.ts';
import { createNodeHost } from '../../src/host/node-host.ts';
import { createTestDir } from '../support/fake-host.ts';
import { runCli } from '../support/run-cli.ts';

const SPEC = `apiVersion: pgmon/v1
name: shop
servers:
  - name: orders
    host: db1.example.com
    password: {env: ORDERS_PASSWORD}
`;

async function createSpecDir(spec = SPEC): Promise<string> {
  const dir = await createTestDir();
  await writeFile(path.join(dir, 'pgmon.yaml'), spec);
  return dir;
}

const outOf = (dir: string) => path.join(dir, '.pgmon', 'shop');
const header = `# ${GENERATED_MARK} 1.0.0 from x. DO NOT EDIT.\n`;

describe('pgmon render', () => {
  it('writes the files below .pgmon/<stack> beside the spec, without secrets', async () => {
    const cwd = await createSpecDir();
    const { code, stdout } = await runCli(['render', '--json'], { cwd });
    expect(code).toBe(0);
    const document = JSON.parse(stdout) as { files: string[]; outDir: string };
    expect(document.outDir).toBe(outOf(cwd));
    expect(document.files).toContain('prometheus/prometheus.yml');
    for (const file of document.files) {
      expect(await readFile(path.join(outOf(cwd), file), 'utf8')).toContain(GENERATED_MARK);
    }
    expect(await readdir(outOf(cwd))).not.toContain('secrets');
  });

  it('touches nothing when nothing changed', async () => {
    const cwd = await createSpecDir();
    await runCli(['render'], { cwd });
    const file = path.join(outOf(cwd), 'docker-compose.yml');
    const before = await stat(file);
    const { code, stdout } = await runCli(['render'], { cwd });
    const after = await stat(file);
    expect({ code, ino: after.ino, mtimeMs: after.mtimeMs }).toEqual({
      code: 0,
      ino: before.ino,
      mtimeMs: before.mtimeMs,
    });
    expect(stdout).toContain('up to date');
  });

  it('removes its own file that is no longer rendered and keeps files of others', async () => {
    const cwd = await createSpecDir();
    await runCli(['render'], { cwd });
    const rules = path.join(outOf(cwd), 'prometheus', 'rules');
    await writeFile(path.join(rules, 'old.yml'), `${header}groups: []\n`);
    await writeFile(path.join(rules, 'mine.yml'), 'groups: []\n');
    await runCli(['render'], { cwd });
    expect(await readdir(rules)).toContain('mine.yml');
    expect(await readdir(rules)).not.toContain('old.yml');
  });

  it('refuses to overwrite a file that it did not write, and then writes nothing at all', async () => {
    const cwd = await createSpecDir();
    await mkdir(outOf(cwd), { recursive: true });
    const foreign = path.join(outOf(cwd), 'docker-compose.yml');
    await writeFile(foreign, 'services: {}\n');
    const { code, stderr } = await runCli(['render'], { cwd });
    expect(code).toBe(4);
    expect(stderr).toContain(foreign);
    expect(await readFile(foreign, 'utf8')).toBe('services: {}\n');
    expect(await readdir(outOf(cwd))).toEqual(['docker-compose.yml']);
  });

  it('takes another output directory with -o', async () => {
    const cwd = await createSpecDir();
    expect((await runCli(['render', '-o', 'build'], { cwd })).code).toBe(0);
    expect(await readdir(path.join(cwd, 'build'))).toContain('docker-compose.yml');
  });

  it('ends with exit code 4 when the output directory cannot be made', async () => {
    const cwd = await createSpecDir();
    await writeFile(path.join(cwd, 'taken'), 'a file\n');
    const { code, stderr } = await runCli(['render', '-o', 'taken/out'], { cwd });
    expect({ code, stderr }).toMatchObject({ code: 4, stderr: expect.stringContaining('ENOTDIR') as string });
  });
});

describe('pgmon render --check', () => {
  it('ends with 10 and lists what differs, and writes nothing', async () => {
    const cwd = await createSpecDir();
    const { code, stdout } = await runCli(['render', '--check'], { cwd });
    expect(code).toBe(10);
    expect(stdout).toContain('+ docker-compose.yml');
    expect(await readdir(cwd)).toEqual(['pgmon.yaml']);
  });

  it('ends with 0 after render and with 10 after an edit by hand', async () => {
    const cwd = await createSpecDir();
    await runCli(['render'], { cwd });
    expect((await runCli(['render', '--check'], { cwd })).code).toBe(0);
    const file = path.join(outOf(cwd), 'prometheus', 'prometheus.yml');
    await writeFile(file, `${await readFile(file, 'utf8')}# edited\n`);
    const { code, stdout } = await runCli(['render', '--check'], { cwd });
    expect({ code, stdout }).toMatchObject({
      code: 10,
      stdout: expect.stringContaining('~ prometheus/prometheus.yml') as string,
    });
  });
});

describe('writeFiles', () => {
  it('undoes what it wrote when a later file cannot be written', async () => {
    const outDir = await createTestDir();
    const host = createNodeHost({ signal: new AbortController().signal });
    await writeFile(path.join(outDir, 'docker-compose.yml'), `${header}old\n`);
    await mkdir(path.join(outDir, 'sql', 'role.sql'), { recursive: true });
    const changes = [
      { path: 'alertmanager/alertmanager.yml', action: 'create', before: null, after: `${header}a\n` },
      { path: 'docker-compose.yml', action: 'update', before: `${header}old\n`, after: `${header}new\n` },
      { path: 'sql/role.sql', action: 'create', before: null, after: `${header}s\n` },
    ] as const;
    await expect(writeFiles(host, outDir, changes)).rejects.toThrow(EnvironmentError);
    expect(await readFile(path.join(outDir, 'docker-compose.yml'), 'utf8')).toBe(`${header}old\n`);
    expect([...(await readExistingFiles(host, outDir, { name: 'shop', runtime: 'docker' })).keys()]).toEqual([
      'docker-compose.yml',
    ]);
  });

  it.skipIf(process.getuid?.() === 0)(
    'says which directory is read-only (root may write anywhere)',
    async () => {
      const outDir = await createTestDir();
      const host = createNodeHost({ signal: new AbortController().signal });
      await chmod(outDir, 0o500);
      const changes = [
        { path: 'docker-compose.yml', action: 'create', before: null, after: `${header}x\n` },
      ] as const;
      await expect(writeFiles(host, outDir, changes)).rejects.toThrow(
        /cannot write .*docker-compose\.yml: EACCES/,
      );
      await chmod(outDir, 0o700);
      await rm(outDir, { recursive: true });
    },
  );
});
