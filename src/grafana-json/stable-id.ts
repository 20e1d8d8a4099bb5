/** Numbers for panels: Grafana wants them, and links such as `?viewPanel=` keep them. */
import { createHash } from 'node:crypto';

/** The same text gives the same number, wherever it stands; below 10 million. Two texts of a dashboard may clash: a test looks. */
export function stableId(text: string): number {
  const hash = createHash('sha256').update(text).digest().readUInt32BE(0);
  return 1 + (hash % 9_999_999);
}
