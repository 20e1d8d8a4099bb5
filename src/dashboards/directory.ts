/** The directory of the user's dashboards: what is in it, and whether a stack can use it. */
import path from 'node:path';
import { DASHBOARD_UIDS } from '../catalog/dashboards/dashboard.ts';
import { EnvironmentError, systemReason } from '../errors.ts';
import type { Host } from '../host/host.ts';
import type { CommunityDashboard, DashboardFile, MoreDashboards } from '../stack/dashboard-file.ts';
import type { Lock } from '../stack/lock.ts';
import { isUid, parseDashboard } from './parse-dashboard.ts';

/** A file of the directory as it is; `problem` says why no stack can use it. */
export interface FoundFile {
  readonly name: string;
  readonly text: string;
  readonly dashboard: DashboardFile | null;
  readonly problem: string | null;
}

/** What a file of that name with that text is worth to a stack. */
export function judgeFile(name: string, text: string): FoundFile {
  const no = (problem: string): FoundFile => ({ name, text, dashboard: null, problem });
  const parsed = parseDashboard(text);
  if (!parsed.ok) return no(parsed.problem);
  const { content, title } = parsed;
  const { uid } = content;
  if (Array.isArray(content.__inputs) && content.__inputs.length > 0)
    return no('its inputs are not filled in');
  if (!isUid(uid)) return no('it has no uid of at most 40 letters, digits, `-` and `_`');
  return { name, text, dashboard: { name, uid, title, content }, problem: null };
}

function unreadable(what: string, hint: string, cause: unknown): EnvironmentError {
  return new EnvironmentError(`cannot read ${what}: ${systemReason(cause)}`, {
    code: 'file-access',
    hint,
    cause,
  });
}

/** Every `*.json` of the directory by name; none when there is no such directory. Rejects with EnvironmentError. */
export async function readDirectory(
  host: Pick<Host, 'fs'>,
  { directory, shownDirectory }: MoreDashboards,
): Promise<readonly FoundFile[]> {
  const names = await host.fs.list(directory).catch((cause: unknown) => {
    const hint = 'make it a directory that this user may read, or name another one in dashboards.directory';
    throw unreadable(`the directory of dashboards ${shownDirectory}`, hint, cause);
  });
  const read = async (name: string) => {
    const text = await host.fs.readText(path.join(directory, name)).catch((cause: unknown) => {
      const hint = 'make it a file that this user may read, or move it out of the directory';
      throw unreadable(path.posix.join(shownDirectory, name), hint, cause);
    });
    return judgeFile(name, text);
  };
  return Promise.all(names.filter((name) => name.endsWith('.json')).map(read));
}

const OWN_UIDS: ReadonlySet<string> = new Set(Object.values(DASHBOARD_UIDS));

/** True for the uids of the dashboards that come with pgmon. */
export function isOwnUid(uid: string): boolean {
  return OWN_UIDS.has(uid);
}

interface Conflict {
  readonly name: string;
  readonly problem: string;
}

function conflictsOf(dashboards: readonly DashboardFile[]): readonly Conflict[] {
  return dashboards.flatMap(({ name, uid, title }, index): readonly Conflict[] => {
    if (isOwnUid(uid)) return [{ name, problem: `its uid "${uid}" is that of a dashboard of pgmon's own` }];
    const before = dashboards.slice(0, index);
    const sameUid = before.find((one) => one.uid === uid);
    if (sameUid !== undefined) return [{ name, problem: `its uid "${uid}" is also that of ${sameUid.name}` }];
    const sameTitle = before.find((one) => one.title === title);
    return sameTitle === undefined
      ? []
      : [{ name, problem: `its title "${title}" is also that of ${sameTitle.name}` }];
  });
}

function refuse(shownDirectory: string, conflicts: readonly Conflict[]): never {
  const lines = conflicts.map(({ name, problem }) => `${shownDirectory}/${name}: ${problem}`);
  const message =
    lines.length === 1
      ? `cannot use ${lines[0]}`
      : `cannot use ${lines.length} dashboards\n  ${lines.join('\n  ')}`;
  throw new EnvironmentError(message, {
    code: 'dashboard-invalid',
    hint: 'correct the file, or bring it in anew with `pgmon dashboards import FILE`, or move it out of the directory',
  });
}

/** What the spec lists of grafana.com and no file is, as the lock file knows them. */
export function missingCommunity(
  { community }: MoreDashboards,
  lock: Lock,
  files: readonly FoundFile[],
): readonly CommunityDashboard[] {
  const names = new Set(files.map(({ name }) => name));
  const here = Object.entries(lock.dashboards ?? {}).filter(([name]) => names.has(name));
  return community.filter(
    ({ id, revision }) => !here.some(([, one]) => one.id === id && one.revision === revision),
  );
}

function refuseMissing(more: MoreDashboards, lock: Lock, files: readonly FoundFile[]): void {
  const missing = missingCommunity(more, lock, files);
  if (missing.length === 0) return;
  const list = missing.map(({ id, revision }) => `${id} revision ${revision}`).join(', ');
  throw new EnvironmentError(`dashboards.community: not in ${more.shownDirectory} yet: ${list}`, {
    code: 'dashboard-missing',
    hint: 'bring them in with `pgmon dashboards import`, and commit the files and pgmon.lock.yaml',
  });
}

/** The dashboards to render. Rejects with EnvironmentError naming every file that cannot be used, or what the spec wants and is not there. */
export async function loadDashboards(
  host: Pick<Host, 'fs'>,
  more: MoreDashboards,
  lock: Lock,
): Promise<readonly DashboardFile[]> {
  const files = await readDirectory(host, more);
  const dashboards = files.flatMap(({ dashboard }) => dashboard ?? []);
  const conflicts = [
    ...files.flatMap(({ name, problem }) => (problem === null ? [] : [{ name, problem }])),
    ...conflictsOf(dashboards),
  ];
  if (conflicts.length > 0) refuse(more.shownDirectory, conflicts);
  refuseMissing(more, lock, files);
  return dashboards;
}
