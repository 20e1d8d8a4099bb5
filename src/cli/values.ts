/** Turns what stands behind a flag into a value, or says what would have been right. */
import { CommanderError, InvalidArgumentError } from 'commander';

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** `90s`, `5m`, `1h`, `500ms`; a bare number is seconds. Milliseconds. */
export function parseDurationMs(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(text);
  const ms = Number(match?.[1]) * (UNIT_MS[match?.[2] ?? 's'] ?? Number.NaN);
  if (!Number.isFinite(ms) || ms <= 0)
    throw new InvalidArgumentError('Use a duration above zero such as 90s, 5m or 1h.');
  return Math.round(ms);
}

/** `all` or a whole number of lines. */
export function parseTail(text: string): number | 'all' {
  if (text === 'all') return 'all';
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('Use a whole number of lines, or all.');
  return Number(text);
}

/** For flags that may be given several times or hold a list: `--without grafana,alertmanager --without x`. */
export function collectNames(text: string, previous: readonly string[] = []): readonly string[] {
  return [
    ...previous,
    ...text
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== ''),
  ];
}

/** `collectNames` where no name at all would mean every server. */
export function collectServers(text: string, previous: readonly string[] = []): readonly string[] {
  if (collectNames(text).length === 0)
    throw new InvalidArgumentError('Name a server of the spec, or leave the flag out for all.');
  return collectNames(text, previous);
}

const PULL_POLICIES = ['missing', 'always', 'never'] as const;
export type PullPolicy = (typeof PULL_POLICIES)[number];

export function parsePullPolicy(text: string): PullPolicy {
  const policy = PULL_POLICIES.find((known) => known === text);
  if (policy === undefined) throw new InvalidArgumentError(`Use one of ${PULL_POLICIES.join(', ')}.`);
  return policy;
}

const RUNTIMES = ['docker', 'native'] as const;

export function parseRuntime(text: string): (typeof RUNTIMES)[number] {
  const runtime = RUNTIMES.find((known) => known === text);
  if (runtime === undefined) throw new InvalidArgumentError(`Use one of ${RUNTIMES.join(', ')}.`);
  return runtime;
}

/** A whole number above zero. */
export function parsePositive(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('Use a whole number above zero.');
  return Number(text);
}

/** An http(s) address without user, password and query. */
export function parseAddress(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  // An InvalidArgumentError would repeat the argument.
  if (url === null ? text.includes('@') : `${url.username}${url.password}` !== '')
    throw new CommanderError(2, 'pgmon.address', 'an address must not hold a user or a password');
  const isPlain = url !== null && /^https?:$/.test(url.protocol) && `${url.search}${url.hash}` === '';
  if (!isPlain) throw new InvalidArgumentError('Use an address such as https://mirror.example.com.');
  return text;
}
