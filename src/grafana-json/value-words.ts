/** Words in the place of values: 1 is "up". */
import { MappingType, type ValueMapping } from '@grafana/grafana-foundation-sdk/dashboard';

/** `colourOf` gives the n-th word a colour; left out, the thresholds colour the value. */
export function buildMappings(
  words: Readonly<Record<string, string>> | undefined,
  colourOf: ((index: number) => string) | null = null,
): ValueMapping[] {
  const entries = Object.entries(words ?? {});
  if (entries.length === 0) return [];
  const options = entries.map(([value, text], index) => {
    const colour = colourOf === null ? {} : { color: colourOf(index) };
    return [value, { text, index, ...colour }] as const;
  });
  return [{ type: MappingType.ValueToText, options: Object.fromEntries(options) }];
}
