/** Compares two `docker inspect` answers field by field. */

/** A path pattern of fields that may differ, and why. */
export interface IgnoredField {
  readonly pattern: RegExp;
  readonly reason: string;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The name of an item in a list whose order means nothing: compose sends mounts in another order on each run. */
function itemName(item: unknown, index: number): string {
  const target = isRecord(item) ? (item.Target ?? item.Destination) : undefined;
  return typeof target === 'string' ? target : String(index);
}

/** Leaves as `a.b[0].c` -> value; empty objects and lists are leaves. */
function leaves(value: unknown, path: string): readonly (readonly [string, unknown])[] {
  if (Array.isArray(value) && value.length > 0)
    return value.flatMap((item, index) => leaves(item, `${path}[${itemName(item, index)}]`));
  if (isRecord(value) && Object.keys(value).length > 0) {
    return Object.entries(value).flatMap(([key, item]) => leaves(item, path === '' ? key : `${path}.${key}`));
  }
  return [[path, value]];
}

/** `path: left <> right` for each field that differs and is not ignored, sorted. */
export function inspectDifferences(
  left: unknown,
  right: unknown,
  ignored: readonly IgnoredField[],
): readonly string[] {
  const [a, b] = [new Map(leaves(left, '')), new Map(leaves(right, ''))];
  const text = (side: ReadonlyMap<string, unknown>, path: string) =>
    side.has(path) ? JSON.stringify(side.get(path)) : '(absent)';
  return [...new Set([...a.keys(), ...b.keys()])]
    .filter((path) => text(a, path) !== text(b, path))
    .filter((path) => !ignored.some(({ pattern }) => pattern.test(path)))
    .map((path) => `${path}: ${text(a, path)} <> ${text(b, path)}`)
    .sort();
}
