/** Changes units: enabling, starting, stopping, disabling. Files of units are written and removed by others. */
import { EnvironmentError } from '../../errors.ts';
import type { Host } from '../../host/host.ts';
import { unitName } from '../../stack/native-names.ts';
import { askTool, runTool } from './run-tool.ts';
import { showUnits } from './show-units.ts';
import { filesOf, placeOf } from './unit-names.ts';
import { isEnabled } from './unit-state.ts';

type UnitHost = Pick<Host, 'exec' | 'fs'>;

function systemctl(action: string, unit: string, args: readonly string[]) {
  return {
    action,
    file: 'systemctl',
    args,
    hint: `see \`systemctl status ${unit}\` and \`journalctl -u ${unit}\``,
  };
}

/** Done in spite of what the program says: cleaning up what may not be there. */
async function attempt(host: UnitHost, unit: string, args: readonly string[]): Promise<void> {
  await askTool(host, systemctl(`clean up after ${unit}`, unit, args), {});
}

/** Reads the files of all units again. */
export async function readDefinitions(host: UnitHost, signal: AbortSignal): Promise<void> {
  const action = 'make systemd read its units';
  await runTool(host, { action, file: 'systemctl', args: ['daemon-reload'] }, { signal });
}

/** The unit, and the target that starts it at boot; systemd reads definitions again by itself. Returns its name. */
export async function enableUnit(host: UnitHost, stackName: string, service: string): Promise<string> {
  const unit = unitName(stackName, service);
  await runTool(host, systemctl(`enable ${unit}`, unit, ['enable', '--', unit, filesOf(stackName).target]));
  return unit;
}

/**
 * Asks for a start and does not wait for it: what comes of it is told by the unit's state, also when it hangs. Earlier
 * failures are forgotten, or the limit on starts would refuse this one.
 */
export async function startUnit(host: UnitHost, unit: string, signal: AbortSignal): Promise<void> {
  const reset = systemctl(`start ${unit}`, unit, ['reset-failed', '--', unit]);
  await askTool(host, reset, { signal });
  await runTool(host, systemctl(`start ${unit}`, unit, ['start', '--no-block', '--', unit]));
}

/** Somebody may have disabled a unit that runs, or the target. */
export async function ensureEnabled(host: UnitHost, unit: string, signal: AbortSignal): Promise<void> {
  const place = placeOf(unit);
  if (place === null) return;
  const { target } = filesOf(place.stackName);
  const shown = await showUnits(host, [unit, target], signal);
  if (!shown.every(isEnabled)) await enableUnit(host, place.stackName, place.service);
}

async function isKnown(host: UnitHost, unit: string, signal: AbortSignal): Promise<boolean> {
  const [shown] = await showUnits(host, [unit], signal);
  return shown !== undefined && shown.LoadState !== 'not-found';
}

/** Waits until it has stopped, at most as long as the unit allows. */
export async function stopUnit(host: UnitHost, unit: string, signal: AbortSignal): Promise<void> {
  const tool = systemctl(`stop ${unit}`, unit, ['stop', '--', unit]);
  const { exitCode } = await askTool(host, tool, { signal });
  if (exitCode === 0 || !(await isKnown(host, unit, signal))) return;
  await runTool(host, tool, { signal });
}

/** ExecReload= of the unit, which sends SIGHUP to its main process. */
export async function reloadUnit(host: UnitHost, unit: string, signal: AbortSignal): Promise<void> {
  await runTool(host, systemctl(`reload ${unit}`, unit, ['reload', '--', unit]), { signal });
}

/** A process that is still there gets no more time, as when a container is removed. */
async function killUnit(host: UnitHost, unit: string): Promise<void> {
  const [shown] = await showUnits(host, [unit], new AbortController().signal);
  if (shown === undefined || ['inactive', 'failed'].includes(shown.ActiveState ?? 'inactive')) return;
  // Stopped first, so that nothing restarts what is killed.
  await attempt(host, unit, ['stop', '--no-block', '--', unit]);
  await attempt(host, unit, ['kill', '--signal=SIGKILL', '--', unit]);
  await stopUnit(host, unit, new AbortController().signal);
}

/** Without its file a unit can no longer be disabled: the link that enabled it is removed by itself. */
async function disable(host: UnitHost, unit: string, link: string): Promise<void> {
  const tool = systemctl(`disable ${unit}`, unit, ['disable', '--', unit]);
  const { exitCode } = await askTool(host, tool, {});
  if ((await host.fs.stat(link)) === null) return;
  if (exitCode !== 0) {
    await host.fs.remove(link);
    return attempt(host, unit, ['daemon-reload']);
  }
  await runTool(host, tool);
}

async function removeTarget(host: UnitHost, stackName: string): Promise<void> {
  const { target, wants } = filesOf(stackName);
  await attempt(host, target, ['stop', '--', target]);
  await disable(host, target, `/etc/systemd/system/multi-user.target.wants/${target}`);
  await host.exec('rmdir', ['--ignore-fail-on-non-empty', '--', wants]);
}

/** Stopped, not started at boot, forgotten; with the last one goes the target. Gone already is success. */
export async function removeUnit(host: UnitHost, unit: string): Promise<void> {
  const place = placeOf(unit);
  if (place === null) throw new EnvironmentError(`${unit} is no unit of pgmon`, { code: 'foreign-unit' });
  const { wants } = filesOf(place.stackName);
  await killUnit(host, unit);
  await disable(host, unit, `${wants}/${unit}`);
  await attempt(host, unit, ['reset-failed', '--', unit]);
  if ((await host.fs.list(wants)).length === 0) await removeTarget(host, place.stackName);
}
