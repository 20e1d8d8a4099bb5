/** The images that boot systemd, and how this machine's daemon must run them: they need few privileges. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { daemonMissing } from './daemon.ts';

const execute = promisify(execFile);
const SCRIPT = path.resolve(import.meta.dirname, '../../scripts/lib/systemd-images.mjs');

/** Debian's releases: bookworm has systemd 252, the oldest that pgmon supports, forky the newest. */
export type SystemdRelease = 'bookworm' | 'forky';

let made: Promise<unknown> | undefined;

/** Makes the images that are absent. Rejects where that cannot be done. */
export async function ensureSystemdImages(): Promise<void> {
  made ??= execute(process.execPath, [SCRIPT]);
  await made;
}

/** Null when tests on systemd run (always with `CI` set); otherwise why they are skipped. */
export async function systemdMissing(): Promise<string | null> {
  if (process.env.CI !== undefined) return null;
  if (daemonMissing !== null) return daemonMissing;
  try {
    await ensureSystemdImages();
    return null;
  } catch {
    return ' (skipped: no image with systemd could be built from Debian packages: run node scripts/setup.mjs)';
  }
}

const CGROUPS = '/sys/fs/cgroup';

/** systemd finds its own group below the mount by /proc/self/cgroup; since 258 it refuses version 1, which older daemons use. */
function cgroupMount(release: SystemdRelease): string {
  if (existsSync(`${CGROUPS}/cgroup.controllers`)) return `${CGROUPS}:${CGROUPS}:rw`;
  if (release === 'bookworm') return `${CGROUPS}:${CGROUPS}:ro`;
  return `${CGROUPS}/unified:${CGROUPS}:rw`;
}

/** systemd does this itself at boot, but in a container leaves it to whoever made that; credentials need it. */
const BOOT = 'mount --make-rshared / && exec /sbin/init';

/** Arguments of `docker run`. `mounts`: directory of this machine -> directory inside, read-only. */
export function bootArguments(
  release: SystemdRelease,
  name: string,
  mounts: Readonly<Record<string, string>>,
): readonly string[] {
  const volumes = Object.entries(mounts).map(([from, to]) => `--volume=${from}:${to}:ro`);
  return [
    'run',
    '--detach',
    '--name',
    name,
    '--hostname',
    'monitor',
    '--stop-signal=SIGRTMIN+3',
    '--cap-add=SYS_ADMIN',
    // As every root has: to look into processes of others.
    '--cap-add=SYS_PTRACE',
    '--security-opt=apparmor=unconfined',
    '--cgroupns=host',
    '--tmpfs=/run',
    '--tmpfs=/tmp:exec',
    `--volume=${cgroupMount(release)}`,
    ...volumes,
    `localhost/pgmon-test/systemd:${release}`,
    'sh',
    '-c',
    BOOT,
  ];
}
