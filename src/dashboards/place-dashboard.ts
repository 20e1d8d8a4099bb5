/** Decides in which file of the directory a dashboard belongs, and refuses one that would stand in another's way. Pure. */
import { EnvironmentError } from '../errors.ts';
import type { JsonObject } from '../stack/dashboard-file.ts';
import type { Lock } from '../stack/lock.ts';
import { formatDashboard } from './canonical.ts';
import { type FoundFile, isOwnUid } from './directory.ts';

export interface Placing {
  /** For messages: `dashboard 9628 revision 7`. */
  readonly what: string;
  readonly uid: string;
  readonly title: string;
  readonly content: JsonObject;
  /** Id on grafana.com; null for others. */
  readonly id: number | null;
  /** What to do when it stands in the way of another one. */
  readonly hint: string;
}

export interface Placed {
  readonly name: string;
  readonly text: string;
  readonly action: 'created' | 'updated' | 'unchanged';
}

/** `PostgreSQL Database (9.6+)` -> `postgresql-database-9-6`. */
export function slugOf(title: string): string {
  const slug = title
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 60)
    .replace(/^-+|-+$/g, '');
  return slug === '' ? 'dashboard' : slug;
}

function conflict(what: string, problem: string, hint: string): EnvironmentError {
  return new EnvironmentError(`cannot keep ${what}: ${problem}`, { code: 'dashboard-conflict', hint });
}

/** The file of the same dashboard: the same id on grafana.com, otherwise the same uid. */
function fileOf({ id, uid }: Placing, files: readonly FoundFile[], lock: Lock): FoundFile | undefined {
  const locked = Object.entries(lock.dashboards ?? {}).find(([, one]) => id !== null && one.id === id);
  return (
    files.find(({ name }) => name === locked?.[0]) ?? files.find(({ dashboard }) => dashboard?.uid === uid)
  );
}

function refuseConflicts(
  placing: Placing,
  others: readonly FoundFile[],
  before: FoundFile | undefined,
  lock: Lock,
): void {
  const { what, uid, title, id, hint } = placing;
  if (isOwnUid(uid)) throw conflict(what, `its uid "${uid}" is that of a dashboard of pgmon's own`, hint);
  const locked = before === undefined ? undefined : lock.dashboards?.[before.name];
  if (id !== null && locked !== undefined && locked.id !== null && locked.id !== id)
    throw conflict(what, `its uid "${uid}" is also that of dashboard ${locked.id} (${before?.name})`, hint);
  for (const { name, dashboard } of others) {
    if (dashboard?.uid === uid) throw conflict(what, `its uid "${uid}" is also that of ${name}`, hint);
    if (dashboard?.title === title)
      throw conflict(what, `its title "${title}" is also that of ${name}`, hint);
  }
}

/** Throws EnvironmentError when its uid is one of pgmon's, or uid or title belong to another file. */
export function placeDashboard(placing: Placing, files: readonly FoundFile[], lock: Lock): Placed {
  const before = fileOf(placing, files, lock);
  refuseConflicts(
    placing,
    files.filter((file) => file !== before),
    before,
    lock,
  );
  const text = formatDashboard({ ...placing.content, uid: placing.uid });
  if (before !== undefined)
    return { name: before.name, text, action: before.text === text ? 'unchanged' : 'updated' };
  const slug = placing.id === null ? slugOf(placing.title) : `${placing.id}-${slugOf(placing.title)}`;
  const isTaken = files.some(({ name }) => name === `${slug}.json`);
  return { name: isTaken ? `${slug}-${placing.uid}.json` : `${slug}.json`, text, action: 'created' };
}
