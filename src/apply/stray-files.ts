/** Removes what writers that were killed have left in the output directory. */
import path from 'node:path';
import { RENDERED_DIRS, SECRETS_DIR } from '../conventions.ts';
import type { Host } from '../host/host.ts';
import { temporaryOwner } from '../host/temporary-file.ts';

/** Looks at everything at once: this runs in every `up`, also in one that changes nothing. */
async function clean(host: Host, dir: string, shouldEnter: (name: string) => boolean): Promise<void> {
  const names = await host.fs.list(dir);
  const cleanOne = async (name: string): Promise<void> => {
    const file = path.join(dir, name);
    const pid = temporaryOwner(name);
    if (pid !== null) {
      if (!host.isProcessAlive(pid)) await host.fs.remove(file);
    } else if (shouldEnter(name) && (await host.fs.stat(file))?.kind === 'directory') {
      await clean(host, file, () => true);
    }
  };
  await Promise.all(names.map(cleanOne));
}

const OWN_DIRS: readonly string[] = [...RENDERED_DIRS, SECRETS_DIR];

/** A file whose process still runs stays: it is about to be renamed. Rejects with Node's own error. */
export function removeStrayFiles(host: Host, outDir: string): Promise<void> {
  return clean(host, outDir, (name) => OWN_DIRS.includes(name));
}
