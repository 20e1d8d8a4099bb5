/** Prometheus' way of writing spans of time, and RFC 3339 instants as its API prints them. */

const UNITS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
  y: 31_536_000_000,
};

/** Milliseconds of `15s` or `1m30s`; null when the text is no such span. */
export function durationMs(text: string): number | null {
  if (!/^(?:\d+(?:ms|[smhdwy]))+$/.test(text)) return null;
  let total = 0;
  for (const [, count, unit] of text.matchAll(/(\d+)(ms|[smhdwy])/g))
    total += Number(count) * (UNITS[unit ?? ''] ?? 0);
  return total;
}

/** Milliseconds since the epoch; null for Go's zero time (`0001-01-01T00:00:00Z`) and for anything that is no instant. */
export function instantMs(text: string): number | null {
  // Go prints nanoseconds; Date.parse takes them but only counts milliseconds.
  const value = Date.parse(text);
  return Number.isNaN(value) || value <= 0 ? null : value;
}

/** `850 ms`, `4.2 s`, `3 m`, `5 h`, `2 d`: short, for a person. */
export function formatSpan(ms: number): string {
  if (ms < 1000) return `${Math.max(0, Math.round(ms))} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  if (ms < 7_200_000) return `${Math.round(ms / 60_000)} m`;
  if (ms < 172_800_000) return `${Math.round(ms / 3_600_000)} h`;
  return `${Math.round(ms / 86_400_000)} d`;
}
