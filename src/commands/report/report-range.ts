/** Which time a report is about: from flags to seconds. Pure. */
import { UsageError } from '../../errors.ts';
import { durationMs } from '../../verify/duration.ts';

export interface RangeFlags {
  /** `24h`, `7d`; as typed. */
  readonly since?: string;
  /** `2026-01-31`, `2026-01-31T12:00`, `2026-01-31T12:00:00Z`; as typed. */
  readonly from?: string;
  readonly to?: string;
}

export interface Range {
  readonly startSeconds: number;
  readonly endSeconds: number;
}

const DEFAULT_SINCE = '24h';
/** Shorter, and rates have nothing to be reckoned from. */
const SHORTEST_SECONDS = 60;
const TIME = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?(Z|[+-]\d\d:\d\d)?)?$/;
const TIME_HINT = 'use a day (2026-01-31) or a time (2026-01-31T12:00, with Z or +02:00 when it is not UTC)';

/** False for the 31st of February, which Date takes for a day in March. */
function isDay(day: string): boolean {
  const ms = Date.parse(day);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(day);
}

function parseTime(flag: string, text: string): number {
  const match = TIME.exec(text);
  const hasTime = text.length > '2026-01-31'.length;
  const ms =
    match === null
      ? Number.NaN
      : Date.parse(text.replace(' ', 'T') + (hasTime && match[1] === undefined ? 'Z' : ''));
  if (Number.isNaN(ms) || !isDay(text.slice(0, 'YYYY-MM-DD'.length)))
    throw new UsageError(`${flag} ${text} is no time`, { hint: TIME_HINT });
  return Math.floor(ms / 1000);
}

function parseSince(text: string): number {
  const ms = durationMs(text);
  if (ms === null || ms === 0)
    throw new UsageError(`--since ${text} is no length of time`, { hint: 'use for instance 6h, 24h or 7d' });
  return ms / 1000;
}

/** The last 24 hours when no flag says anything; times without a zone are UTC. Rejects with UsageError. */
export function readRange({ since, from, to }: RangeFlags, nowMs: number): Range {
  if (since !== undefined && from !== undefined)
    throw new UsageError('--since and --from exclude each other', { hint: 'give one of them' });
  const nowSeconds = Math.floor(nowMs / 1000);
  const endSeconds = Math.min(nowSeconds, to === undefined ? nowSeconds : parseTime('--to', to));
  const startSeconds =
    from === undefined ? endSeconds - parseSince(since ?? DEFAULT_SINCE) : parseTime('--from', from);
  if (endSeconds - startSeconds < SHORTEST_SECONDS) {
    const what =
      from !== undefined && startSeconds > nowSeconds ? 'begins in the future' : 'is shorter than a minute';
    throw new UsageError(`the time range ${what}`, { hint: 'let --from lie at least a minute before --to' });
  }
  return { startSeconds, endSeconds };
}
