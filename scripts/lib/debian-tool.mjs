// Fetches one program out of a package of Debian into .cache/tools, without installing anything on this machine.
import { access, chmod, mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { importSource } from './import-source.mjs';
import { root, run } from './run.mjs';

const TOOLS = path.join(root, '.cache/tools');

async function downloadPackage(name) {
  const { openApt } = await importSource('src/images/apt.ts');
  const { createNodeHost } = await importSource('src/host/node-host.ts');
  const architecture = { x64: 'amd64', arm64: 'arm64' }[process.arch] ?? process.arch;
  const signal = new AbortController().signal;
  const stateDir = path.join(root, '.cache/apt');
  const apt = await openApt(createNodeHost({ signal }), { architecture, stateDir, signal });
  const packages = await apt.find([name]);
  await apt.download(packages);
  const [deb] = packages;
  if (deb === undefined) throw new Error(`Debian has no package ${name}`);
  return path.join(apt.archivesDir, deb.file);
}

async function unpackProgram(deb, file, tool) {
  const dir = `${tool}.unpacked-${process.pid}`;
  try {
    await mkdir(dir, { recursive: true });
    const { code, stderr } = await run('dpkg-deb', ['-x', deb, dir], { quiet: true });
    if (code !== 0) throw new Error(`dpkg-deb: ${stderr.trim()}`);
    await chmod(path.join(dir, file), 0o755);
    await rename(path.join(dir, file), tool);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

/** Path of the program; `file`: where it lies in the package. Rejects where Debian's packages cannot be had. */
export async function ensureDebianTool({ package: name, file }) {
  const tool = path.join(TOOLS, path.basename(file));
  const isHere = await access(tool).then(
    () => true,
    () => false,
  );
  if (!isHere) await unpackProgram(await downloadPackage(name), file, tool);
  return tool;
}
