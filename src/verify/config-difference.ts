/**
 * Compares a rendered configuration with the one a service says it runs. Services print theirs with every default
 * filled in, secrets masked, spans of time and paths rewritten: so all that was rendered must be there, and more may be.
 */
import { durationMs } from './duration.ts';

const MASKED = '<secret>';

function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined || value === '' || value === false || value === 0) return true;
  if (Array.isArray(value)) return value.length === 0;
  return typeof value === 'object' && Object.values(value).every(isEmpty);
}

const SIZES: Readonly<Record<string, number>> = { K: 1, M: 2, G: 3, T: 4, P: 5, E: 6 };

/** Bytes of `50GB` or `50GiB`; Prometheus counts both with 1024. Null when it is no size. */
function sizeBytes(text: string): number | null {
  const [, count, unit] = /^(\d+)([KMGTPE]?)i?B$/.exec(text) ?? [];
  return count === undefined ? null : Number(count) * 1024 ** (SIZES[unit ?? ''] ?? 0);
}

function sameScalar(rendered: unknown, running: unknown): boolean {
  if (rendered === running) return true;
  const [a, b] = [String(rendered), String(running)];
  if (a === b || b === MASKED || a.replaceAll('$$', '$') === b) return true;
  const [spanA, spanB] = [durationMs(a), durationMs(b)];
  if (spanA !== null && spanA === spanB) return true;
  const [sizeA, sizeB] = [sizeBytes(a), sizeBytes(b)];
  if (sizeA !== null && sizeA === sizeB) return true;
  // Relative paths are printed absolute.
  return a !== '' && !a.startsWith('/') && b.startsWith('/') && b.endsWith(`/${a.replace(/^\.\//, '')}`);
}

function listDifference(rendered: readonly unknown[], running: unknown, path: string): string | null {
  if (!Array.isArray(running)) return isEmpty(rendered) && isEmpty(running) ? null : path;
  for (const [index, item] of rendered.entries()) {
    const inner = configDifference(item, running[index], `${path}[${index}]`);
    if (inner !== null) return inner;
  }
  return running.length > rendered.length ? `${path}[${rendered.length}]` : null;
}

/** Path of the first place where the running configuration lacks or changes what was rendered; null when there is none. */
export function configDifference(rendered: unknown, running: unknown, path = ''): string | null {
  if (isEmpty(rendered) && isEmpty(running)) return null;
  if (Array.isArray(rendered)) return listDifference(rendered, running, path);
  if (typeof rendered !== 'object' || rendered === null) return sameScalar(rendered, running) ? null : path;
  // A masked URL or mapping prints as one word.
  if (running === MASKED) return null;
  if (typeof running !== 'object' || running === null || Array.isArray(running)) return path;
  const entries = new Map(Object.entries(running));
  for (const [key, value] of Object.entries(rendered)) {
    const inner = configDifference(value, entries.get(key), path === '' ? key : `${path}.${key}`);
    if (inner !== null) return inner;
  }
  return null;
}
