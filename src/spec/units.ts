/** Durations and sizes as specs write them, in Prometheus' own notation. */

const DURATION = /^(?:(\d+)y)?(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/;
const UNIT_SECONDS = [31_536_000, 604_800, 86_400, 3600, 60, 1, 0.001];
const SIZE = /^(\d+)(B|[KMGTPE]i?B)$/;

/** Seconds of `15s`, `1h30m`, `30d`; null when it is not a duration. */
export function durationSeconds(text: string): number | null {
  const match = DURATION.exec(text);
  if (match === null || text === '') return null;
  return UNIT_SECONDS.reduce((sum, seconds, i) => sum + Number(match[i + 1] ?? 0) * seconds, 0);
}

/** Bytes of `50GB` or `1GiB` (both count in powers of 1024, as Prometheus and Docker do); null when it is not a size. */
export function sizeBytes(text: string): number | null {
  const match = SIZE.exec(text);
  if (match === null) return null;
  return Number(match[1]) * 1024 ** 'BKMGTPE'.indexOf((match[2] ?? 'B').charAt(0));
}

/** The same size as Prometheus spells it: `50GiB` becomes `50GB`. */
export function prometheusSize(text: string): string {
  return text.replace('iB', 'B');
}
