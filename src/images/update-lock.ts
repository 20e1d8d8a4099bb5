/** Puts images into the lock file beside a spec. */
import type { ComponentName } from '../catalog/components.ts';
import type { Host } from '../host/host.ts';
import { EMPTY_LOCK, type LockedImage } from '../stack/lock.ts';
import { formatLock, mergeLock, parseLock } from './lock-file.ts';

/** Writes only when the text changes. `version` is pgmon's own. */
export async function updateLock(
  host: Host,
  lockPath: string,
  changed: Readonly<Partial<Record<ComponentName, LockedImage>>>,
  version: string,
): Promise<void> {
  const before = await host.fs.readTextIfExists(lockPath);
  const lock = before === null ? EMPTY_LOCK : parseLock(before, lockPath);
  const after = formatLock(mergeLock(lock, changed), version);
  if (after !== before) await host.fs.writeAtomic(lockPath, after);
}
