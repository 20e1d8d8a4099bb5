/** Refuses machines that cannot run units, and users who may not change them. */
import { EnvironmentError } from '../../errors.ts';
import type { Host } from '../../host/host.ts';
import type { Obstacle } from '../provider.ts';
import { runTool } from './run-tool.ts';

const MINIMUM_SYSTEMD = 252;
const WAY_OUT = 'set `runtime: docker` in the spec, or print what to do by hand with `pgmon render --script`';

export interface Systemd {
  readonly version: number;
}

type SystemdHost = Pick<Host, 'platform' | 'fs' | 'exec'>;

function unfit(message: string, code: string): EnvironmentError {
  return new EnvironmentError(message, { code, hint: WAY_OUT });
}

/** `systemd 257 (257.7-1)` -> 257; null for anything else. */
export function parseVersion(text: string): number | null {
  const number = /^systemd (\d+)/m.exec(text)?.[1];
  return number === undefined ? null : Number(number);
}

/** Rejects with EnvironmentError unless systemd is this machine's init, and new enough. */
export async function requireSystemd(host: SystemdHost, signal?: AbortSignal): Promise<Systemd> {
  if (host.platform !== 'linux') {
    throw unfit(`native mode needs Linux with systemd: this is ${host.platform}`, 'no-systemd');
  }
  // The directory is how sd_booted(3) tells.
  if ((await host.fs.stat('/run/systemd/system')) === null) {
    throw unfit('native mode needs systemd as PID 1: this machine was not booted with it', 'no-systemd');
  }
  const ask = { action: 'ask for the version of systemd', file: 'systemctl', args: ['--version'] };
  const said = await runTool(host, ask, signal === undefined ? {} : { signal });
  const version = parseVersion(said);
  if (version === null) throw unfit('systemctl --version tells no version', 'no-systemd');
  if (version < MINIMUM_SYSTEMD) {
    throw unfit(
      `systemd ${version} is too old: native mode needs ${MINIMUM_SYSTEMD} or newer`,
      'systemd-too-old',
    );
  }
  return { version };
}

/** Null for root. */
export function rootObstacle({ uid }: Pick<Host, 'uid'>): Obstacle | null {
  if (uid === 0) return null;
  return {
    code: 'not-root',
    message: 'native mode changes units, users and files of the system, which takes root',
    hint: 'run the same command with sudo, or print what to do by hand with `pgmon render --script`',
  };
}

/** Throws EnvironmentError for anybody but root. */
export function requireRoot(host: Pick<Host, 'uid'>): void {
  const obstacle = rootObstacle(host);
  if (obstacle === null) return;
  const { message, code, hint } = obstacle;
  throw new EnvironmentError(message, { code, hint });
}

/** `Debian GNU/Linux 12` from os-release; `Linux` when it does not say. */
export function distributionName(osRelease: string | null): string {
  const value = (key: string) =>
    new RegExp(`^${key}=(?:"([^"]*)"|'([^']*)'|(.*))$`, 'm')
      .exec(osRelease ?? '')
      ?.slice(1)
      .find(Boolean);
  return [value('NAME') ?? 'Linux', value('VERSION_ID')].filter((part) => part !== undefined).join(' ');
}

/** Of this machine; `Linux` when nothing says. */
export async function observeDistribution({ fs }: Pick<Host, 'fs'>): Promise<string> {
  return distributionName(await fs.readTextIfExists('/etc/os-release').catch(() => null));
}

/** `systemd 252 on Debian GNU/Linux 12`. */
export async function describeSystemd(host: SystemdHost, signal: AbortSignal): Promise<string> {
  const { version } = await requireSystemd(host, signal);
  return `systemd ${version} on ${await observeDistribution(host)}`;
}
