/** System users of a stack: looked up in /etc/passwd, made by systemd-sysusers, removed only when pgmon made them and nobody else uses them. */
import { EnvironmentError } from '../../errors.ts';
import type { Host } from '../../host/host.ts';
import type { SystemUser } from '../../stack/native.ts';
import { userDescription } from '../../stack/native-names.ts';
import type { ObservedUser } from '../provider.ts';
import { runTool } from './run-tool.ts';
import { filesOf } from './unit-names.ts';

const SYSUSERS_DIR = '/etc/sysusers.d';

/** Made by pgmon, as its whole GECOS field says: a person's own words may begin alike. */
function isOurs(name: string, gecos: string): boolean {
  return gecos === userDescription(name);
}

/** Users of a sysusers.d file: `u name id "description" home shell`. */
export function parseSysusers(text: string): readonly SystemUser[] {
  return text.split('\n').flatMap((line) => {
    const [, name, description] = /^u!?\s+(\S+)\s+\S+\s+"([^"]*)"/.exec(line.trim()) ?? [];
    return name === undefined || description === undefined ? [] : [{ name, description }];
  });
}

/** GECOS field by user name. */
export function parsePasswd(text: string): ReadonlyMap<string, string> {
  return new Map(
    text.split('\n').flatMap((line) => {
      const [name, , , , gecos] = line.split(':');
      return name === undefined || gecos === undefined ? [] : [[name, gecos] as const];
    }),
  );
}

async function passwd({ fs }: Pick<Host, 'fs'>): Promise<ReadonlyMap<string, string>> {
  return parsePasswd(await fs.readText('/etc/passwd'));
}

/**
 * Users that are asked for, that the stack's own file names, or that pgmon made and no stack's file names any more (a
 * first `up` that failed leaves the owners of its data), as far as they are there; sorted by name.
 */
export async function observeUsers(
  host: Pick<Host, 'fs'>,
  stackName: string,
  asked: readonly SystemUser[],
): Promise<readonly ObservedUser[]> {
  const [there, file, others] = await Promise.all([
    passwd(host),
    host.fs.readTextIfExists(filesOf(stackName).sysusers),
    otherFiles(host, new Set([stackName])),
  ]);
  const needed = new Set(others.flatMap(parseSysusers).map(({ name }) => name));
  const orphans = [...there].filter(([name, gecos]) => isOurs(name, gecos) && !needed.has(name));
  const named = [...parseSysusers(file ?? ''), ...asked].map(({ name }) => name);
  const names = new Set([...named, ...orphans.map(([name]) => name)]);
  return [...names].sort().flatMap((name) => {
    const gecos = there.get(name);
    return gecos === undefined ? [] : [{ name, isOurs: isOurs(name, gecos) }];
  });
}

/** Makes every user of the stack's file that is not there yet; the wanted one is there afterwards. */
export async function createUser(
  host: Pick<Host, 'exec' | 'fs'>,
  stackName: string,
  name: string,
): Promise<void> {
  const { sysusers } = filesOf(stackName);
  const action = `make the system user ${name}`;
  await runTool(host, { action, file: 'systemd-sysusers', args: [sysusers] });
  if ((await passwd(host)).has(name)) return;
  throw new EnvironmentError(`cannot ${action}: ${sysusers} does not name it`, { code: 'user-not-made' });
}

async function otherFiles(
  { fs }: Pick<Host, 'fs'>,
  stackNames: ReadonlySet<string>,
): Promise<readonly string[]> {
  const own = new Set([...stackNames].map((name) => filesOf(name).sysusers));
  const files = (await fs.list(SYSUSERS_DIR))
    .filter((name) => /^pgmon-.+\.conf$/.test(name))
    .map((name) => `${SYSUSERS_DIR}/${name}`)
    .filter((file) => !own.has(file));
  return Promise.all(files.map((file) => fs.readText(file)));
}

export interface Removal {
  readonly name: string;
  /** Stacks whose own files do not count as other users of it. */
  readonly stackNames: ReadonlySet<string>;
}

/** Gone already is success, and so is a user that is not ours to remove: it stays. */
export async function removeUser(host: Pick<Host, 'exec' | 'fs'>, removal: Removal): Promise<void> {
  const { name, stackNames } = removal;
  const gecos = (await passwd(host)).get(name);
  if (gecos === undefined || !isOurs(name, gecos)) return;
  const others = await otherFiles(host, stackNames);
  if (others.some((text) => parseSysusers(text).some((user) => user.name === name))) return;
  const tool = { action: `remove the system user ${name}`, file: 'userdel', args: ['--', name] };
  await runTool(host, { ...tool, hint: `see who still uses it: \`pgrep -u ${name} -a\`` });
}
