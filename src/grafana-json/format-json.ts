/** A dashboard's JSON as a file: the same dashboard always gives the same bytes, whatever order its keys are in. */

/** First in the file; rendering relies on the first one. */
const FIRST = ['description', 'title', 'uid', 'tags'];

const rank = (key: string): number => (FIRST.includes(key) ? FIRST.indexOf(key) : FIRST.length);

function sorted(value: unknown, isTop: boolean): unknown {
  if (Array.isArray(value)) return value.map((one) => sorted(one, false));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).toSorted(([a], [b]) => {
    const ranks = isTop ? rank(a) - rank(b) : 0;
    return ranks === 0 ? (a < b ? -1 : 1) : ranks;
  });
  return Object.fromEntries(entries.map(([key, one]) => [key, sorted(one, false)]));
}

/** Indented by two spaces, with a final newline. `description` stands on the second line. */
export function formatDashboard(dashboard: object): string {
  return `${JSON.stringify(sorted(dashboard, true), null, 2)}\n`;
}
