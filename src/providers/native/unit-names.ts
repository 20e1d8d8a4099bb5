/** Which service of which stack a unit is. A stack may be named like the beginning of another, so the whole name is read. */
import { SERVICE_NAMES, type ServiceName } from '../../conventions.ts';
import { targetName, unitName } from '../../stack/native-names.ts';

export interface UnitPlace {
  readonly stackName: string;
  readonly service: ServiceName;
}

/** Every unit that a stack may have. */
export function unitsOf(stackName: string): readonly string[] {
  return SERVICE_NAMES.map((service) => unitName(stackName, service));
}

/** Null for a unit that is not pgmon's. No service's name ends in `-` and another's, so there is one answer. */
export function placeOf(unit: string): UnitPlace | null {
  const [, middle] = /^pgmon-(.+)\.service$/.exec(unit) ?? [];
  const service = SERVICE_NAMES.find((name) => middle?.endsWith(`-${name}`) === true);
  if (middle === undefined || service === undefined) return null;
  return { stackName: middle.slice(0, -service.length - 1), service };
}

export interface UnitFiles {
  readonly target: string;
  /** Directory of the links by which the target wants its units. */
  readonly wants: string;
  readonly sysusers: string;
  readonly tmpfiles: string;
}

/** Where systemd finds what belongs to a stack besides its units. */
export function filesOf(stackName: string): UnitFiles {
  const target = targetName(stackName);
  return {
    target,
    wants: `/etc/systemd/system/${target}.wants`,
    sysusers: `/etc/sysusers.d/pgmon-${stackName}.conf`,
    tmpfiles: `/etc/tmpfiles.d/pgmon-${stackName}.conf`,
  };
}
