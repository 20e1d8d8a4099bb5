// Imports a TypeScript module of src/ into a script: bundled by esbuild into .cache/, then loaded.
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './run.mjs';

export async function importSource(source) {
  const { build } = await import('esbuild');
  const outfile = path.join(root, '.cache/scripts', `${path.basename(source, '.ts')}-${process.pid}.mjs`);
  await mkdir(path.dirname(outfile), { recursive: true });
  await build({
    absWorkingDir: root,
    entryPoints: [source],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    logLevel: 'warning',
  });
  try {
    return await import(pathToFileURL(outfile).href);
  } finally {
    await rm(outfile, { force: true });
  }
}
