/** Files of the native runtime lie where services of other users read them: directories on the way must not depend on the umask. */
import path from 'node:path';
import type { HostFs } from '../host/host.ts';

const MODE = 0o755;

/** The same file system; every directory that it makes on the way to something has mode 0755. */
export function openDirectories(fs: HostFs): HostFs {
  const make = async (dir: string): Promise<void> => {
    if ((await fs.stat(dir)) !== null) return;
    const parent = path.dirname(dir);
    if (parent !== dir) await make(parent);
    await fs.ensureDirectory(dir, { mode: MODE });
  };
  return {
    ...fs,
    async ensureDirectory(dir, options) {
      await make(options?.mode === undefined ? dir : path.dirname(dir));
      await fs.ensureDirectory(dir, options);
    },
    async writeAtomic(file, content, options) {
      await make(path.dirname(file));
      await fs.writeAtomic(file, content, options);
    },
  };
}
