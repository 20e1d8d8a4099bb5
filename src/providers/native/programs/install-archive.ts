/** Brings upstream's release to its versioned directory: fetched, verified, unpacked beside it, renamed. Never half-made. */
import path from 'node:path';
import { EnvironmentError } from '../../../errors.ts';
import type { Host } from '../../../host/host.ts';
import { temporaryName, temporaryOwner } from '../../../host/temporary-file.ts';
import type { Program, ProgramSource } from '../../../stack/native.ts';
import { runTool } from '../run-tool.ts';
import { expectedSum, verifySum } from './checksum.ts';
import { fetchFile } from './fetch-file.ts';
import { removeRecord, writeRecord } from './records.ts';
import { shownLocation } from './shown-location.ts';
import { unpackArchive } from './unpack.ts';

type Archive = ProgramSource & { readonly kind: 'archive' };

/** Grafana's, the largest, has about 200 MB. */
const MAX_BYTES = 1024 * 1024 * 1024;

/** What runs that were killed left beside the directory. */
async function removeLeftovers(host: Host, parent: string): Promise<void> {
  const names = await host.fs.list(parent);
  const isLeft = (name: string) => {
    const owner = temporaryOwner(name);
    return owner !== null && !host.isProcessAlive(owner);
  };
  await Promise.all(names.filter(isLeft).map((name) => host.fs.remove(path.posix.join(parent, name))));
}

async function fillTree(
  host: Host,
  { source, program, work }: { readonly source: Archive; readonly program: Program; readonly work: string },
  signal: AbortSignal,
): Promise<string> {
  const archive = `${work}/archive`;
  const tree = `${work}/tree`;
  const { location } = source;
  const expected = await expectedSum(host, source, signal);
  await fetchFile(host, { location, toFile: archive, maxBytes: MAX_BYTES }, signal);
  await verifySum(host, { file: archive, expected, location }, signal);
  await host.fs.ensureDirectory(tree, { mode: 0o755 });
  await unpackArchive(host, { archive, target: tree, name: shownLocation(location) }, signal);
  const inside = path.posix.relative(source.directory, program.path);
  if ((await host.fs.stat(path.posix.join(tree, inside))) !== null) return tree;
  throw new EnvironmentError(`${shownLocation(location)} has no ${inside}`, {
    code: 'program-archive',
    hint: `check that it is ${program.component}'s release archive for Linux`,
  });
}

/** Rejects with EnvironmentError or CancelledError and leaves nothing then. */
export async function installArchive(
  host: Host,
  { program, source }: { readonly program: Program; readonly source: Archive },
  signal: AbortSignal,
): Promise<void> {
  const { directory } = source;
  const parent = path.posix.dirname(directory);
  const unique = Buffer.from(host.randomBytes(6)).toString('hex');
  const work = path.posix.join(parent, temporaryName(path.posix.basename(directory), host.pid, unique));
  const record = { kind: 'archive', directory } as const;
  await removeLeftovers(host, parent);
  await host.fs.ensureDirectory(work, { mode: 0o700 });
  try {
    const tree = await fillTree(host, { source, program, work }, signal);
    await writeRecord(host, record);
    const hint = `look at ${directory}: it must not be there`;
    const args = ['--no-target-directory', tree, directory];
    const tool = { action: `install ${directory}`, file: 'mv', args, hint, code: 'program-install' };
    // Without the signal: it must be known whether the directory is there.
    await runTool(host, tool).catch(async (error) => {
      // Another stack's run has brought the same meanwhile, with the same record.
      if ((await host.fs.stat(program.path)) !== null) return;
      await removeRecord(host, record);
      throw error;
    });
  } finally {
    await host.fs.remove(work);
    await removeIfEmpty(host, parent);
  }
}

/** Our own directory only: /opt itself is never removed. */
async function removeIfEmpty(host: Host, parent: string): Promise<void> {
  if (path.posix.basename(parent) !== 'pgmon') return;
  if ((await host.fs.stat(parent)) !== null && (await host.fs.list(parent)).length === 0) {
    // Fails when another run has just put something there, which is as well.
    await host.exec('rmdir', [parent]);
  }
}

/** Gone already is success. */
export async function uninstallArchive(host: Host, directory: string): Promise<void> {
  await host.fs.remove(directory);
  await removeRecord(host, { kind: 'archive', directory });
  await removeIfEmpty(host, path.posix.dirname(directory));
}
