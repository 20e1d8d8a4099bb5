/** Adds up the bytes of a pull from the daemon's progress records, layer by layer. */
import type { PullProgress } from '../provider.ts';
import { isRecord, textOf } from './docker-config.ts';

interface Layer {
  readonly current: number;
  readonly total: number;
}

function numberOf(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : 0;
}

/** Feed it every record; it answers with the sums when a record changed them, else null. Only downloading counts. */
export function createPullProgress(
  reference: string,
): (record: Readonly<Record<string, unknown>>) => PullProgress | null {
  const layers = new Map<string, Layer>();
  return (record) => {
    const id = textOf(record.id);
    const before = id === null ? undefined : layers.get(id);
    if (id === null) return null;
    if (record.status === 'Downloading' && isRecord(record.progressDetail)) {
      const current = numberOf(record.progressDetail.current);
      layers.set(id, {
        current,
        total: Math.max(current, numberOf(record.progressDetail.total), before?.total ?? 0),
      });
    } else if (record.status === 'Download complete' && before !== undefined) {
      layers.set(id, { current: before.total, total: before.total });
    } else {
      return null;
    }
    const all = [...layers.values()];
    return {
      reference,
      currentBytes: all.reduce((sum, layer) => sum + layer.current, 0),
      totalBytes: all.reduce((sum, layer) => sum + layer.total, 0),
    };
  };
}
