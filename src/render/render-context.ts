/** What every artifact's renderer gets besides the stack. */
import type { RenderTemplate } from './template-engine.ts';

export interface RenderContext {
  /** First line of each file, without the comment sign. */
  readonly header: string;
  readonly fill: RenderTemplate;
}

/** Entries of a record as `{ name, value }`, sorted by name: what templates can walk through in a fixed order. */
export function sortedPairs<T>(record: Readonly<Record<string, T>>): readonly { name: string; value: T }[] {
  return Object.entries(record)
    .map(([name, value]) => ({ name, value }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
