/** Asks systemd for units, in one call for any number of them, and the running processes for their definition. */
import type { Host } from '../../host/host.ts';
import { HASH_VARIABLE } from '../../stack/native-names.ts';
import type { ObservedContainer } from '../provider.ts';
import { runTool } from './systemctl.ts';
import { placeOf } from './unit-names.ts';
import { parseShow, SHOWN_PROPERTIES, type UnitProperties, type UnitState, unitState } from './unit-state.ts';

type Asked = Pick<Host, 'exec' | 'fs'>;

/** Also of units without a file, as long as systemd still knows them. */
export async function showUnits(
  host: Pick<Host, 'exec'>,
  names: readonly string[],
  signal: AbortSignal,
): Promise<readonly UnitProperties[]> {
  const args = ['show', '--timestamp=us+utc', `--property=${SHOWN_PROPERTIES.join(',')}`, '--', ...names];
  const action = names.length === 1 ? `look at ${names[0]}` : 'look at the units';
  return parseShow(await runTool(host, { action, file: 'systemctl', args }, { signal, timeoutMs: 30_000 }));
}

/** Null when the process may not be looked into, or has just gone. */
async function runningHash({ fs }: Asked, pid: number): Promise<string | null> {
  const environment = await fs.readText(`/proc/${pid}/environ`).catch(() => '');
  const entry = environment.split('\0').find((one) => one.startsWith(`${HASH_VARIABLE}=`));
  return entry?.slice(HASH_VARIABLE.length + 1) ?? null;
}

async function toContainer(host: Asked, state: UnitState): Promise<readonly ObservedContainer[]> {
  const place = placeOf(state.name);
  if (place === null) return [];
  const { name, status, exitCode, startedAtMs, mainPid, definedHash } = state;
  return [
    {
      id: name,
      name,
      service: place.service,
      status,
      health: 'none',
      exitCode,
      startedAtMs,
      imageId: '',
      imageReference: '',
      serviceHash: mainPid === 0 ? definedHash : await runningHash(host, mainPid),
      ports: [],
    },
  ];
}

/** Units in use, sorted by name; without ports and program, which only the spec knows. */
export async function containersOf(
  host: Asked,
  names: readonly string[],
  signal: AbortSignal,
): Promise<readonly ObservedContainer[]> {
  const shown = await showUnits(host, names, signal);
  const states = shown.flatMap((unit) => unitState(unit) ?? []);
  const containers = await Promise.all(states.map((state) => toContainer(host, state)));
  return containers.flat().sort((a, b) => (a.name < b.name ? -1 : 1));
}
