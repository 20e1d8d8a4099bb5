/** Removes what writers that were killed have left in the output directory. */
import path from 'node:path';
import { RENDERED_DIRS, SECRETS_DIR } from '../conventions.ts';
import type { Host } from '../host/host.ts';
import { temporaryOwner } from '../host/temporary-file.ts';

async function cleanDirectory(host: Host, dir: string): Promise<void> {
  for (const name of await host.fs.list(dir)) {
    const file = path.join(dir, name);
    const pid = temporaryOwner(name);
    if (pid === null) {
      if ((await host.fs.stat(file))?.kind === 'directory') await cleanDirectory(host, file);
    } else if (!host.isProcessAlive(pid)) {
      await host.fs.remove(file);
    }
  }
}

/** A file whose process still runs stays: it is about to be renamed. Rejects with Node's own error. */
export async function removeStrayFiles(host: Host, outDir: string): Promise<void> {
  const names = await host.fs.list(outDir);
  const strays = names.filter((name) => {
    const pid = temporaryOwner(name);
    return pid !== null && !host.isProcessAlive(pid);
  });
  await Promise.all([
    ...strays.map((name) => host.fs.remove(path.join(outDir, name))),
    ...[...RENDERED_DIRS, SECRETS_DIR].map((dir) => cleanDirectory(host, path.join(outDir, dir))),
  ]);
}
