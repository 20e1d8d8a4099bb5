/** Careful reading of JSON that a service answered: a missing or odd part becomes an empty value, never a crash. */

export type JsonObject = Readonly<Record<string, unknown>>;

/** The value as an object; anything else becomes an empty one. */
export function asObject(value: unknown): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
}

/** The value as a list; anything else becomes an empty one. */
export function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The value as text; numbers and booleans are written out, anything else becomes ''. */
export function asText(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

/** Text values of an object, e.g. a set of labels. */
export function asLabels(value: unknown): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(asObject(value)).map(([key, item]) => [key, asText(item)]));
}

/** Walks down keys: `at(body, 'data', 'yaml')`. */
export function at(value: unknown, ...keys: readonly string[]): unknown {
  return keys.reduce<unknown>((inner, key) => asObject(inner)[key], value);
}
