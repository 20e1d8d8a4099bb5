/** The lock file's text: reads it strictly, writes it sorted, so that it can be committed and compared. */
import { CORE_SCHEMA, dump, load, YAMLException } from 'js-yaml';
import * as z from 'zod';
import { COMPONENT_NAMES, type ComponentName } from '../catalog/components.ts';
import { EnvironmentError } from '../errors.ts';
import type { Lock, LockedDashboard, LockedImage } from '../stack/lock.ts';

const LOCK_VERSION = 1;
const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/, 'must be sha256: and 64 hexadecimal digits');

const lockedImage = z.strictObject({
  reference: z.string().regex(/^[\w][\w./:@-]*$/, 'must be an image reference'),
  version: z.string().regex(/^\d+(\.\d+)*$/, 'must be a version such as "3.5.3", in quotes'),
  origin: z.enum(['registry', 'build']),
  digest: digest.nullable(),
  ids: z.record(
    z.string().regex(/^[a-z0-9]+\/[a-z0-9/]+$/, 'must be a platform such as linux/amd64'),
    digest,
  ),
});

const lockedDashboard = z.strictObject({
  source: z.string().min(1),
  id: z.int().positive().nullable(),
  revision: z.int().positive().nullable(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 hexadecimal digits'),
});

const lockFile = z.strictObject({
  lockVersion: z.literal(LOCK_VERSION),
  images: z.partialRecord(z.enum(COMPONENT_NAMES), lockedImage),
  dashboards: z
    .record(z.string().regex(/^[^/\\]+\.json$/, 'must be the name of a .json file'), lockedDashboard)
    .optional(),
});

function refuse(path: string, problem: string): never {
  throw new EnvironmentError(`cannot use the lock file ${path}: ${problem}`, {
    code: 'lock-invalid',
    hint: 'restore it, or remove it and write it anew with `pgmon images pull` or `pgmon images build`, and `pgmon dashboards import`',
  });
}

function readValue(text: string, path: string): unknown {
  try {
    return load(text, { schema: CORE_SCHEMA, maxAliases: 0 });
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    return refuse(path, `line ${(error.mark?.line ?? 0) + 1}: ${error.reason}`);
  }
}

/** Rejects (throws EnvironmentError naming the place) anything that `formatLock` would not write. */
export function parseLock(text: string, path: string): Lock {
  const parsed = lockFile.safeParse(readValue(text, path), { jitless: true });
  if (parsed.success) {
    const { images, dashboards } = parsed.data;
    return {
      images: images as Partial<Record<ComponentName, LockedImage>>,
      ...(dashboards !== undefined && { dashboards }),
    };
  }
  const [issue] = parsed.error.issues;
  return refuse(path, `${issue?.path.join('.') || 'document'}: ${issue?.message ?? 'invalid'}`);
}

function sorted<T>(record: Readonly<Partial<Record<string, T>>>): Record<string, T> {
  const entries = Object.entries(record).filter((entry): entry is [string, T] => entry[1] !== undefined);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Same lock, same bytes. `version` is pgmon's own. */
export function formatLock(lock: Lock, version: string): string {
  const images = Object.entries(sorted(lock.images)).map(
    ([name, { reference, version: program, origin, digest, ids }]) => [
      name,
      { reference, version: program, origin, digest, ids: sorted(ids) },
    ],
  );
  const dashboards = Object.entries(sorted(lock.dashboards ?? {})).map(
    ([name, { source, id, revision, sha256 }]) => [name, { source, id, revision, sha256 }],
  );
  const header = `# Written by pgmon ${version}: the images that this stack runs, so that every machine runs the same. Commit it.\n`;
  const content = {
    lockVersion: LOCK_VERSION,
    images: Object.fromEntries(images),
    ...(dashboards.length > 0 && { dashboards: Object.fromEntries(dashboards) }),
  };
  return header + dump(content, { lineWidth: -1, noRefs: true, quoteStyle: 'double' });
}

/** `lock` with `changed` put in; ids for other platforms stay where reference and digest are the same. */
export function mergeLock(lock: Lock, changed: Readonly<Partial<Record<ComponentName, LockedImage>>>): Lock {
  const merged: Partial<Record<ComponentName, LockedImage>> = { ...lock.images };
  for (const name of COMPONENT_NAMES) {
    const next = changed[name];
    if (next === undefined) continue;
    const before = merged[name];
    const isSame = before?.reference === next.reference && before.digest === next.digest;
    merged[name] = isSame ? { ...next, ids: { ...before.ids, ...next.ids } } : next;
  }
  return { ...lock, images: merged };
}

/** `lock` with `changed` put in, by file name. */
export function mergeDashboards(lock: Lock, changed: Readonly<Record<string, LockedDashboard>>): Lock {
  return { ...lock, dashboards: { ...lock.dashboards, ...changed } };
}
