/** What `systemctl show` says of a unit, in pgmon's words. Pure. */
import { HASH_VARIABLE } from '../../stack/native-names.ts';
import type { ContainerStatus } from '../provider.ts';

export type UnitProperties = Readonly<Record<string, string>>;

/** Asked for in one call for all units. */
export const SHOWN_PROPERTIES = [
  'Id',
  'LoadState',
  'UnitFileState',
  'ActiveState',
  'SubState',
  'Result',
  'MainPID',
  'ExecMainCode',
  'ExecMainStatus',
  'ExecMainStartTimestamp',
  'NRestarts',
  'ConditionResult',
  'ConditionTimestamp',
  'Environment',
  'Job',
] as const;

export interface UnitState {
  readonly name: string;
  readonly status: ContainerStatus;
  readonly exitCode: number | null;
  readonly startedAtMs: number | null;
  /** Since it was last asked to start; counts also starts that failed before the program itself ran. */
  readonly restarts: number;
  /** Its target starts it. */
  readonly isEnabled: boolean;
  /** Its process may not have become the program yet. */
  readonly isStarting: boolean;
  /** 0 when there is no process. */
  readonly mainPid: number;
  /** From the definition that systemd has read; a running process may have an older one. */
  readonly definedHash: string | null;
}

/** One block of `key=value` lines for each unit, an empty line between them. */
export function parseShow(text: string): readonly UnitProperties[] {
  return text
    .split(/\n\s*\n/)
    .map((block) =>
      Object.fromEntries(
        block.split('\n').flatMap((line) => {
          const equals = line.indexOf('=');
          return equals === -1 ? [] : [[line.slice(0, equals), line.slice(equals + 1)] as const];
        }),
      ),
    )
    .filter((unit) => unit.Id !== undefined);
}

/** `Mon 2026-11-23 11:26:12.123456 UTC`, which is what `--timestamp=us+utc` prints; null for `n/a` and nothing. */
export function parseTimestamp(text: string | undefined): number | null {
  const [, day, time] = /(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d+)?) UTC/.exec(text ?? '') ?? [];
  if (day === undefined || time === undefined) return null;
  const ms = Date.parse(`${day}T${time.slice(0, 12)}Z`);
  return Number.isNaN(ms) ? null : ms;
}

/** It survives a reboot. Also for a target. */
export function isEnabled({ UnitFileState }: UnitProperties): boolean {
  return UnitFileState === 'enabled';
}

/** Enabled, or with a process or the prospect of one. What is neither is what `down` leaves. */
function isInUse(unit: UnitProperties): boolean {
  const { ActiveState = '', Job = '', UnitFileState } = unit;
  return (
    isEnabled(unit) ||
    UnitFileState === 'enabled-runtime' ||
    !['inactive', 'failed'].includes(ActiveState) ||
    (Job !== '' && Job !== '0')
  );
}

function restStatus(unit: UnitProperties, startedAtMs: number | null): ContainerStatus {
  // A start that was asked for and has not begun: an old result must not pass for its own.
  if (unit.Job !== undefined && unit.Job !== '' && unit.Job !== '0') return 'restarting';
  if (unit.ActiveState === 'failed' || startedAtMs !== null) return 'exited';
  const isSkipped = unit.ConditionResult === 'no' && parseTimestamp(unit.ConditionTimestamp) !== null;
  return isSkipped ? 'exited' : 'created';
}

function statusOf(unit: UnitProperties, startedAtMs: number | null): ContainerStatus {
  switch (unit.ActiveState) {
    case 'active':
    case 'reloading':
    case 'refreshing':
    case 'deactivating':
      return 'running';
    case 'activating':
      return unit.SubState?.startsWith('auto-restart') === true || unit.MainPID === '0'
        ? 'restarting'
        : 'running';
    default:
      return restStatus(unit, startedAtMs);
  }
}

/** CLD_EXITED of wait(2); anything else ended it by a signal, which shells count from 128. */
const EXITED = '1';

function exitCodeOf(unit: UnitProperties, status: ContainerStatus): number | null {
  if (status !== 'exited') return null;
  const code = Number(unit.ExecMainStatus ?? '0');
  return unit.ExecMainCode === EXITED || code === 0 ? code : 128 + code;
}

/** From `Environment=A=1 "B=two words"`; the value is a hexadecimal digest. */
function definedHash(environment: string | undefined): string | null {
  return new RegExp(`(?:^|[\\s"])${HASH_VARIABLE}=([0-9a-f]+)`).exec(environment ?? '')?.[1] ?? null;
}

/** Null for a unit that is not in use. */
export function unitState(unit: UnitProperties): UnitState | null {
  if (unit.Id === undefined || !isInUse(unit)) return null;
  const startedAtMs = parseTimestamp(unit.ExecMainStartTimestamp);
  const status = statusOf(unit, startedAtMs);
  return {
    name: unit.Id,
    status,
    exitCode: exitCodeOf(unit, status),
    startedAtMs,
    restarts: Number(unit.NRestarts ?? '0'),
    isEnabled: isEnabled(unit),
    isStarting: unit.ActiveState === 'activating',
    mainPid: Number(unit.MainPID ?? '0'),
    definedHash: definedHash(unit.Environment),
  };
}
