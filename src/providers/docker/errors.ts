/** Turns what dockerode, Node's sockets and the daemon report into EnvironmentError; the one place that reads the daemon's texts. */
import { CancelledError, EnvironmentError, PgmonError } from '../../errors.ts';
import { isRecord, textOf } from './docker-config.ts';
import type { Endpoint } from './endpoint.ts';
import { formatAddress } from './endpoint.ts';

/** What was being done, for the message: `cannot <action>: …`. */
export interface CallContext {
  readonly action: string;
  readonly endpoint: Endpoint;
  readonly signal: AbortSignal;
}

/** Of an HTTP answer; null for failures below HTTP. */
export function statusOf(cause: unknown): number | null {
  return isRecord(cause) && typeof cause.statusCode === 'number' ? cause.statusCode : null;
}

function codeOf(cause: unknown): string | null {
  return isRecord(cause) ? textOf(cause.code) : null;
}

/** The daemon's own sentence, without the library's dressing. */
export function daemonMessage(cause: unknown): string {
  const body = isRecord(cause) ? cause.json : null;
  const said = isRecord(body) ? (textOf(body.message) ?? textOf(body.cause)) : null;
  const text = said ?? (cause instanceof Error ? cause.message : String(cause));
  return text.replace(/^\(HTTP code \d+\) [^-]*- /, '').trim();
}

const LOST = new Set([
  'ECONNREFUSED',
  'ENOENT',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
]);
const DENIED = new Set(['EACCES', 'EPERM']);

/** The daemon cannot be spoken to: not there, not allowed, or gone in the middle. Null for any other failure. */
export function unreachableError(cause: unknown, endpoint: Endpoint): EnvironmentError | null {
  const code = codeOf(cause);
  const where = `${formatAddress(endpoint.address)} (from ${endpoint.source})`;
  if (code !== null && DENIED.has(code)) {
    return new EnvironmentError(`this user may not use the Docker daemon at ${where}: ${code}`, {
      code: 'docker-permission',
      hint: 'add the user to the group (`sudo usermod -aG docker $USER`, then log in again), use rootless Docker, or run pgmon with sudo',
      cause,
    });
  }
  if (code === null || !LOST.has(code)) return null;
  const isRemote = endpoint.address.kind === 'tcp';
  return new EnvironmentError(`the Docker daemon at ${where} does not answer: ${code}`, {
    code: 'docker-unreachable',
    hint: isRemote
      ? 'check the address in DOCKER_HOST; `docker context ls` lists known daemons'
      : 'start it (`sudo systemctl start docker`); `docker context ls` lists known daemons',
    cause,
  });
}

interface KnownText {
  readonly code: string;
  readonly pattern: RegExp;
  readonly hint: string;
}

/** The daemon answers these with a bare 500 or 400: only the text tells them apart. First match wins. */
const KNOWN_TEXTS: readonly KnownText[] = [
  {
    code: 'port-taken',
    pattern: /port is already allocated|address already in use/i,
    hint: 'choose another port in the spec, or stop what holds it',
  },
  {
    code: 'disk-full',
    pattern: /no space left on device/i,
    hint: 'free disk space (`docker system df` shows what Docker holds), then run it again',
  },
  {
    code: 'mount-propagation',
    pattern: /is not a shared or slave mount/i,
    hint: 'make the mount shared on this machine: `sudo mount --make-rshared /`',
  },
  {
    code: 'mount-missing',
    pattern: /bind source path does not exist/i,
    hint: 'the Docker daemon does not see this directory: is it on another machine, or the directory not shared with it?',
  },
  {
    code: 'image-missing',
    pattern: /no such image/i,
    hint: 'get it with `pgmon images pull`, `pgmon images load` or `pgmon images build`',
  },
];

const STATUS_CODES: Readonly<Record<number, string>> = {
  403: 'docker-conflict',
  404: 'docker-not-found',
  409: 'docker-conflict',
};

/** `127.0.0.1:9090` out of the daemon's sentence about a taken port, else the sentence. */
function shortened(known: KnownText, message: string): string {
  if (known.code !== 'port-taken') return message;
  const address = /(?:\bfor|\btcp[46]?|\blisten)\s+((?:\[[0-9a-f:]+\]|[0-9.]+):\d{1,5})\b/i.exec(
    message,
  )?.[1];
  return address === undefined ? message : `${address} is already in use`;
}

/** Any failure of a call as the error that pgmon shows; a PgmonError passes through. */
export function toProviderError(cause: unknown, { action, endpoint, signal }: CallContext): PgmonError {
  if (cause instanceof PgmonError) return cause;
  if (signal.aborted) return new CancelledError(`interrupted before it could ${action}`, { cause });
  const unreachable = unreachableError(cause, endpoint);
  if (unreachable !== null) return unreachable;
  const message = daemonMessage(cause);
  const known = KNOWN_TEXTS.find(({ pattern }) => pattern.test(message));
  if (known !== undefined) {
    return new EnvironmentError(`cannot ${action}: ${shortened(known, message)}`, {
      code: known.code,
      hint: known.hint,
      cause,
    });
  }
  const code = STATUS_CODES[statusOf(cause) ?? 0] ?? 'docker-failed';
  return new EnvironmentError(`cannot ${action}: ${message}`, { code, cause });
}
