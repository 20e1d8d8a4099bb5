/** How long Prometheus keeps data, in the words of either its flags or its file. */
import type { Prometheus } from '../stack/stack.ts';

/** Longer than anyone keeps data; Prometheus itself falls back to 15 days when no limit at all is named. */
const NO_LIMIT = '100y';

/** The limits to name, `time` first. */
export function retentionLimits(
  prometheus: Prometheus,
): readonly { readonly name: 'time' | 'size'; readonly value: string }[] {
  const { retentionTime, retentionSize } = prometheus;
  const time = retentionTime ?? (retentionSize === null ? NO_LIMIT : null);
  return [
    ...(time === null ? [] : [{ name: 'time', value: time } as const]),
    ...(retentionSize === null ? [] : [{ name: 'size', value: retentionSize } as const]),
  ];
}
