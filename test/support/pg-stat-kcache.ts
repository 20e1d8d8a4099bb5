/** pg_stat_kcache for the test's PostgreSQL: Debian's package, unpacked beside the image's own files. */
import { mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import { createNodeHost } from '../../src/host/node-host.ts';
import { openApt } from '../../src/images/apt.ts';
import { runTool } from './tools.ts';

const PACKAGE = 'postgresql-18-pg-stat-kcache';
const CACHE = path.resolve(import.meta.dirname, '../../.cache/test-packages');
const LIBRARY_DIR = 'usr/lib/postgresql/18/lib';
const EXTENSION_DIR = 'usr/share/postgresql/18/extension';

async function fetchPackage(): Promise<string> {
  const stateDir = path.join(CACHE, 'apt');
  const architecture = (await runTool('dpkg', ['--print-architecture'])).output.trim();
  const signal = AbortSignal.timeout(120_000);
  const apt = await openApt(createNodeHost(), { architecture, stateDir, signal });
  const [found] = await apt.find([PACKAGE]);
  if (found === undefined) throw new Error(`Debian has no ${PACKAGE}`);
  await apt.download([found]);
  return path.join(apt.archivesDir, found.file);
}

/** Arguments of `docker run` that put the extension's files into place; null with the reason where they cannot be had. */
export async function kcacheMounts(): Promise<
  { readonly args: readonly string[] } | { readonly args: null; readonly reason: string }
> {
  const root = path.join(CACHE, PACKAGE);
  try {
    await mkdir(CACHE, { recursive: true });
    if (!(await readdir(CACHE)).includes(PACKAGE)) {
      const { code, output } = await runTool('dpkg-deb', ['--extract', await fetchPackage(), root]);
      if (code !== 0) throw new Error(output.trim());
    }
    const extension = await readdir(path.join(root, EXTENSION_DIR));
    const files = [
      `${LIBRARY_DIR}/pg_stat_kcache.so`,
      ...extension.map((name) => `${EXTENSION_DIR}/${name}`),
    ];
    return { args: files.flatMap((file) => ['--volume', `${path.join(root, file)}:/${file}:ro`]) };
  } catch (error) {
    return { args: null, reason: error instanceof Error ? error.message : String(error) };
  }
}
