/** The table of `pgmon images list`. */
import { formatSize } from '../images/format-size.ts';
import type { ListedImage } from '../images/list-images.ts';
import { formatTable } from '../output/table.ts';

const STATES = {
  present: 'present',
  absent: 'absent',
  other: 'not the one in the lock file',
} as const satisfies Record<ListedImage['state'], string>;

/** One row for each image; `width` as in `formatTable`. */
export function formatImages(images: readonly ListedImage[], width: number | null): string {
  const titles = ['COMPONENT', 'IMAGE', 'VERSION', 'STATE', 'ID', 'SIZE', 'ORIGIN'].map((title) => ({
    title,
  }));
  const rows = images.map(({ component, reference, version, state, id, sizeBytes, origin }) => [
    component,
    reference,
    version,
    STATES[state],
    id?.replace('sha256:', '').slice(0, 12) ?? '-',
    sizeBytes === null ? '-' : formatSize(sizeBytes),
    origin,
  ]);
  const isComplete = images.every(({ state }) => state !== 'absent');
  const next = isComplete ? '' : '\nGet what is absent with: pgmon images pull (or load, or build)\n';
  return formatTable(titles, rows, { width }) + next;
}
