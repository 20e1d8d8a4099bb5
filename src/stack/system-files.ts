/** Which files outside its configuration directory are a native stack's own. Names alone tell, so another stack's are never among them. */
import { SERVICE_NAMES } from '../conventions.ts';
import { SYSTEM_DIRS, targetName, unitName } from './native-names.ts';

/** Where sysusers.d and tmpfiles.d name the stack's users and directories. */
function confName(stackName: string): string {
  return `pgmon-${stackName}.conf`;
}

/** Relative to the output directory; there or not. */
export function systemFilesOf(stackName: string): readonly string[] {
  const units = SERVICE_NAMES.map((service) => unitName(stackName, service));
  return [
    ...[targetName(stackName), ...units].map((name) => `${SYSTEM_DIRS.units}/${name}`),
    `${SYSTEM_DIRS.sysusers}/${confName(stackName)}`,
    `${SYSTEM_DIRS.tmpfiles}/${confName(stackName)}`,
  ];
}

/** True for a file of the system, of which systemd must be told. */
export function isSystemFile(path: string): boolean {
  return Object.values(SYSTEM_DIRS).some((dir) => path.startsWith(`${dir}/`));
}
