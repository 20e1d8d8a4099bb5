// Bundles src/ into dist/: ESM with code splitting (start-up time), every dependency inside (installs offline), and the
// licences of what was bundled beside it.
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { leaveOut, precompileTemplates, thriftyModem } from './lib/build-plugins.mjs';
import { collectLicences } from './lib/licences.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const dist = path.join(root, 'dist');
/** Built beside and then swapped in, so that a pgmon which runs meanwhile finds either the old build or the new one. */
const outdir = path.join(root, `.dist-${process.pid}`);

// CommonJS packages expect these three; a bundle of ES modules has none of them.
const banner = [
  "import { createRequire as pgmonCreateRequire } from 'node:module';",
  "import { fileURLToPath as pgmonFileURLToPath } from 'node:url';",
  'const require = pgmonCreateRequire(import.meta.url);',
  'const __filename = pgmonFileURLToPath(import.meta.url);',
  "const __dirname = pgmonFileURLToPath(new URL('.', import.meta.url));",
].join('\n');

const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: ['src/cli.ts', 'src/host/node-host.ts'],
  outdir,
  outbase: 'src',
  chunkNames: 'chunks/[name]-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
  banner: { js: banner },
  plugins: [leaveOut, thriftyModem, precompileTemplates(path.join(root, 'templates'))],
});
// A program of its own that runs in a container: one file, left readable.
const exporter = await build({
  absWorkingDir: root,
  entryPoints: { 'sql-exporter': 'src/sql-exporter/main.ts' },
  outdir,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  legalComments: 'inline',
  metafile: true,
  logLevel: 'warning',
  banner: { js: banner },
});
await mkdir(outdir, { recursive: true });
await writeFile(
  path.join(outdir, 'THIRD-PARTY-LICENSES.txt'),
  await collectLicences(root, Object.keys({ ...metafile.inputs, ...exporter.metafile.inputs })),
);
const old = `${outdir}-old`;
await rename(dist, old).catch((error) => (error.code === 'ENOENT' ? undefined : Promise.reject(error)));
await rename(outdir, dist);
await rm(old, { recursive: true, force: true });
const outputs = Object.values({ ...metafile.outputs, ...exporter.metafile.outputs });
const bytes = outputs.reduce((sum, output) => sum + output.bytes, 0);
process.stdout.write(`built dist/ (${outputs.length} files, ${Math.round(bytes / 1024)} KiB)\n`);
