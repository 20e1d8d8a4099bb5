/** Whether systemd can hand credentials to services on this machine. */
import { CancelledError } from '../../errors.ts';
import type { Host } from '../../host/host.ts';
import { CREDENTIAL_TRIAL, CREDENTIALS_HIDDEN } from '../../stack/credential-trial.ts';
import type { Obstacle } from '../provider.ts';

/** Mounts as process 1 sees them; see proc_pid_mountinfo(5). */
const MOUNTS = '/proc/1/mountinfo';
const TIMEOUT_MS = 20_000;

/** True when what is mounted below `/run` later, as credentials are, is seen by all who share it. */
export function isRunShared(mountinfo: string): boolean {
  const mounts = mountinfo.split('\n').map((line) => line.split(' '));
  const above = ['/run', '/'].map((dir) => mounts.findLast((fields) => fields[4] === dir));
  const fields = above.find((mount) => mount !== undefined) ?? [];
  return fields.slice(6, fields.indexOf('-')).some((field) => field.startsWith('shared:'));
}

/** Null where services can read their credentials. Tried only where there is a doubt, as each trial is a unit for a moment. */
export async function credentialObstacle(
  host: Pick<Host, 'exec' | 'fs' | 'uid'>,
  signal: AbortSignal,
): Promise<Obstacle | null> {
  if (host.uid !== 0) return null;
  const mounts = await host.fs.readTextIfExists(MOUNTS);
  if (mounts === null || isRunShared(mounts)) return null;
  const [file, ...args] = CREDENTIAL_TRIAL;
  const { exitCode } = await host.exec(file, args, { signal, timeoutMs: TIMEOUT_MS });
  if (signal.aborted) throw new CancelledError();
  return exitCode === 0 ? null : { code: 'credentials-hidden', ...CREDENTIALS_HIDDEN };
}
