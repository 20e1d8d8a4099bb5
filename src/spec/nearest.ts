/** "Did you mean": the known word that is closest to the one that was written. */
import { distance } from 'fastest-levenshtein';

/** The nearest of the known words, or null when none is near enough to be a typing error. */
export function nearest(word: string, known: readonly string[]): string | null {
  const lower = word.toLowerCase().replaceAll(/[-_]/g, '');
  const ranked = known
    .map((name) => ({ name, steps: distance(lower, name.toLowerCase().replaceAll(/[-_]/g, '')) }))
    .toSorted((a, b) => a.steps - b.steps);
  const best = ranked[0];
  return best !== undefined && best.steps <= Math.min(3, Math.floor(lower.length / 2)) ? best.name : null;
}

/** ` (did you mean "port"?)`, or what is allowed when nothing is near. */
export function suggestion(word: string, known: readonly string[]): string {
  const near = nearest(word, known);
  return near === null ? `; allowed: ${known.join(', ')}` : `; did you mean "${near}"?`;
}
