// The licence texts of every package that a bundle took code from, as one text. Decides nothing: it only collects.
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

const PACKAGE_DIR = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//;

/** Package directories (relative to the root) that the bundle's inputs come from, sorted, each once. */
function packageDirs(inputs) {
  const dirs = inputs.map((input) => PACKAGE_DIR.exec(input)?.[1]).filter((dir) => dir !== undefined);
  return [...new Set(dirs)].sort();
}

/** Files by these names, and those of a directory by such a name: packages keep the licences of what they took in there. */
async function licenceFiles(dir) {
  const entries = (await readdir(dir, { withFileTypes: true })).filter(({ name }) =>
    /^(licen[cs]es?|copying|notice)/i.test(name),
  );
  const files = entries.map(async (entry) => {
    const file = path.join(dir, entry.name);
    return entry.isDirectory() ? (await readdir(file)).map((name) => path.join(file, name)) : [file];
  });
  return (await Promise.all(files)).flat().sort();
}

async function licenceOf(root, dir) {
  const manifest = JSON.parse(await readFile(path.join(root, dir, 'package.json'), 'utf8'));
  const files = await licenceFiles(path.join(root, dir));
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8')));
  if (typeof manifest.license !== 'string') throw new Error(`${manifest.name} names no licence`);
  const title = `${manifest.name} ${manifest.version} (${manifest.license})`;
  const author = typeof manifest.author === 'object' ? manifest.author.name : manifest.author;
  const declared = `${manifest.license}, by ${author ?? `the authors of ${manifest.name}`}; the package holds no licence text.`;
  const body = texts.length > 0 ? texts.map((text) => text.trim()).join('\n\n') : declared;
  return `${'='.repeat(title.length)}\n${title}\n${'='.repeat(title.length)}\n\n${body}\n`;
}

export async function collectLicences(root, inputs) {
  const parts = await Promise.all(packageDirs(inputs).map((dir) => licenceOf(root, dir)));
  return `pgmon is distributed with code of the packages below, each under its own licence.\n\n${parts.join('\n')}`;
}
