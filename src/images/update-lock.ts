/** Puts images and dashboards into the lock file beside a spec. */
import type { ComponentName } from '../catalog/components.ts';
import type { Host } from '../host/host.ts';
import { EMPTY_LOCK, type Lock, type LockedDashboard, type LockedImage } from '../stack/lock.ts';
import { formatLock, mergeDashboards, mergeLock, parseLock } from './lock-file.ts';

async function changeLock(
  host: Pick<Host, 'fs'>,
  lockPath: string,
  version: string,
  change: (lock: Lock) => Lock,
): Promise<void> {
  const before = await host.fs.readTextIfExists(lockPath);
  const lock = before === null ? EMPTY_LOCK : parseLock(before, lockPath);
  const after = formatLock(change(lock), version);
  if (after !== before) await host.fs.writeAtomic(lockPath, after);
}

/** Writes only when the text changes. `version` is pgmon's own. */
export async function updateLock(
  host: Host,
  lockPath: string,
  changed: Readonly<Partial<Record<ComponentName, LockedImage>>>,
  version: string,
): Promise<void> {
  await changeLock(host, lockPath, version, (lock) => mergeLock(lock, changed));
}

/** The same for dashboards, by file name. */
export async function updateLockedDashboards(
  host: Pick<Host, 'fs'>,
  lockPath: string,
  changed: Readonly<Record<string, LockedDashboard>>,
  version: string,
): Promise<void> {
  await changeLock(host, lockPath, version, (lock) => mergeDashboards(lock, changed));
}
