/** What a stack has besides its services' units: the target that groups them, system users, directories. */
import { SECRETS_DIR } from '../../conventions.ts';
import type { SystemUser } from '../../stack/native.ts';
import {
  nativeConfigDir,
  nativeDataDir,
  SYSTEM_DIRS,
  targetName,
  unitPrefix,
  userDescription,
} from '../../stack/native-names.ts';
import type { RenderedFile, Service } from '../../stack/rendered-stack.ts';
import type { RenderContext } from '../render-context.ts';

/** System users of the services, sorted by name. */
export function systemUsers(services: readonly Service[]): readonly SystemUser[] {
  const names = services.flatMap(({ user }) => (user === null ? [] : [user]));
  return [...new Set(names)].sort().map((name) => ({ name, description: userDescription(name) }));
}

/** `pgmon-<stack>`: the name of the stack's files in directories that others use too. */
function stackFile(stackName: string): string {
  return `${unitPrefix(stackName).slice(0, -1)}.conf`;
}

function buildDataView(stackName: string, services: readonly Service[]) {
  return services
    .filter(({ mounts }) => mounts.some(({ kind }) => kind === 'volume'))
    .map(({ name, user }) => ({ path: `${nativeDataDir(stackName)}/${name}`, user: user ?? 'root' }));
}

/** The target, sysusers.d and tmpfiles.d of a stack. */
export function systemFiles(
  stackName: string,
  services: readonly Service[],
  { header, fill }: RenderContext,
): readonly RenderedFile[] {
  const users = systemUsers(services);
  const directories = {
    secretsDir: `${nativeConfigDir(stackName)}/${SECRETS_DIR}`,
    dataDir: nativeDataDir(stackName),
    data: buildDataView(stackName, services),
  };
  return [
    {
      path: `${SYSTEM_DIRS.units}/${targetName(stackName)}`,
      content: fill('unit.target.hbs', { header, title: `The pgmon stack ${stackName}` }),
    },
    {
      path: `${SYSTEM_DIRS.sysusers}/${stackFile(stackName)}`,
      content: fill('sysusers.conf.hbs', { header, users }),
    },
    {
      path: `${SYSTEM_DIRS.tmpfiles}/${stackFile(stackName)}`,
      content: fill('tmpfiles.conf.hbs', { header, ...directories }),
    },
  ];
}
