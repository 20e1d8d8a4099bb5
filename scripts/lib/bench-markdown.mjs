// Pieces of Markdown that the sections of the benchmarks share.

export const count = (value) => Math.round(value).toLocaleString('en');
export const fixed = (value, digits) => value.toFixed(digits);
export const table = (heads, rows) =>
  [heads, heads.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
export const bullets = (lines) => lines.map((line) => `- ${line}`).join('\n');
/** Whether a goal is met, and by how much it is missed. */
export const verdict = (value, goal) => (value <= goal ? 'yes' : `no (${fixed(value / goal, 1)} times)`);
