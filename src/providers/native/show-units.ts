/** Asks systemd for units, in one call for any number of them, and the running processes for their definition. */
import type { Host } from '../../host/host.ts';
import { HASH_VARIABLE, targetName } from '../../stack/native-names.ts';
import type { ObservedContainer } from '../provider.ts';
import { runTool } from './run-tool.ts';
import { placeOf } from './unit-names.ts';
import {
  isEnabled,
  parseShow,
  SHOWN_PROPERTIES,
  type UnitProperties,
  type UnitState,
  unitState,
} from './unit-state.ts';

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

/** Without a target among `shown` the unit alone decides. */
function startsAtBoot(shown: readonly UnitProperties[], stackName: string, state: UnitState): boolean {
  const target = shown.find(({ Id }) => Id === targetName(stackName));
  return state.isEnabled && (target === undefined || isEnabled(target));
}

/** A process has it only once it has become the program. */
async function hashOf(host: Asked, state: UnitState): Promise<string | null> {
  const { mainPid, definedHash, isStarting } = state;
  if (mainPid === 0) return definedHash;
  return (await runningHash(host, mainPid)) ?? (isStarting ? definedHash : null);
}

async function toContainer(
  host: Asked,
  shown: readonly UnitProperties[],
  state: UnitState,
): Promise<readonly ObservedContainer[]> {
  const place = placeOf(state.name);
  if (place === null) return [];
  const { name, status, exitCode, startedAtMs, restarts } = state;
  return [
    {
      id: name,
      name,
      service: place.service,
      status,
      health: 'none',
      exitCode,
      startedAtMs,
      restarts,
      startsAtBoot: startsAtBoot(shown, place.stackName, state),
      imageId: '',
      imageReference: '',
      serviceHash: await hashOf(host, state),
      ports: [],
    },
  ];
}

/** Units in use, sorted by name; with the target among `names` it counts for what starts at boot; without ports and program, which only the spec knows. */
export async function containersOf(
  host: Asked,
  names: readonly string[],
  signal: AbortSignal,
): Promise<readonly ObservedContainer[]> {
  const shown = await showUnits(host, names, signal);
  const states = shown.flatMap((unit) => unitState(unit) ?? []);
  const containers = await Promise.all(states.map((state) => toContainer(host, shown, state)));
  return containers.flat().sort((a, b) => (a.name < b.name ? -1 : 1));
}
