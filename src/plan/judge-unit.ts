/** Decides what a unit of systemd needs before its configuration is looked at: its definition lies in a file, so a new one is a restart. */
import { PGMON_LABELS } from '../conventions.ts';
import type { ObservedContainer } from '../providers/provider.ts';
import { SYSTEM_DIRS } from '../stack/native-names.ts';
import type { Service } from '../stack/rendered-stack.ts';
import type { Verdict } from './judge-service.ts';
import type { Observed } from './plan-input.ts';

/** A process tells what it was started with; between two starts there is none, and only the file can tell. */
function isOutdated(observed: Observed, service: Service, unit: ObservedContainer): boolean {
  if (unit.serviceHash === null && unit.status === 'restarting') {
    const path = `${SYSTEM_DIRS.units}/${unit.name}`;
    return observed.fileChanges.some((change) => change.path === path);
  }
  return unit.serviceHash !== service.labels[PGMON_LABELS.serviceHash];
}

/** Null: it runs with the definition that the spec asks for. */
export function judgeUnit(observed: Observed, service: Service, unit: ObservedContainer): Verdict | null {
  const container = unit;
  if (unit.status === 'running' || unit.status === 'restarting') {
    if (isOutdated(observed, service, unit))
      return { kind: 'restart', cause: 'its definition changed', container };
    // A start enables as well.
    return unit.startsAtBoot === false
      ? { kind: 'restart', cause: 'it would not come back after a reboot', container }
      : null;
  }
  const code = unit.exitCode === null ? '' : ` (exit code ${unit.exitCode})`;
  return {
    kind: 'start',
    cause: unit.startedAtMs === null ? 'it was never started' : `it stopped${code}`,
    container,
  };
}
