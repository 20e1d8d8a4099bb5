/** What services wrote, from systemd's journal: of each run, also of earlier ones, and what systemd says of the unit. */
import { CancelledError, EnvironmentError } from '../../errors.ts';
import type { Host } from '../../host/host.ts';
import { mergeArrivals, mergeByTime, type StampedLine } from '../merge-lines.ts';
import type { LogLine, LogOptions, ObservedContainer } from '../provider.ts';
import { PLAIN_OUTPUT } from './run-tool.ts';

type Entry = Readonly<Record<string, unknown>>;

function parseEntry(line: string): Entry | null {
  try {
    const entry: unknown = JSON.parse(line);
    return typeof entry === 'object' && entry !== null ? (entry as Entry) : null;
  } catch {
    return null;
  }
}

/** Text that is not UTF-8 comes as its bytes. */
function messageOf({ MESSAGE }: Entry): string {
  if (typeof MESSAGE === 'string') return MESSAGE;
  const isBytes = Array.isArray(MESSAGE) && MESSAGE.every((byte) => typeof byte === 'number');
  return isBytes ? new TextDecoder().decode(Uint8Array.from(MESSAGE)) : '';
}

/** Microseconds since the epoch -> `2026-01-31T12:00:00.123456Z`. */
function stampOf({ __REALTIME_TIMESTAMP: text }: Entry): string {
  if (typeof text !== 'string' || !/^\d+$/.test(text)) return '';
  const seconds = new Date(Number(text.slice(0, -6)) * 1000).toISOString().slice(0, -5);
  return `${seconds}.${text.slice(-6)}Z`;
}

const WARNING = 4;

/** The journal does not know which of its two pipes a line came through: what warns, and what systemd says, counts as stderr. */
function streamOf({ _TRANSPORT, PRIORITY }: Entry): LogLine['stream'] {
  return _TRANSPORT === 'stdout' && Number(PRIORITY) > WARNING ? 'stdout' : 'stderr';
}

/** Lines of one entry as `journalctl -o json` prints it; none for what is no entry. */
export function linesOf(service: string, json: string): readonly StampedLine[] {
  const entry = parseEntry(json);
  if (entry === null) return [];
  const stamp = stampOf(entry);
  const stream = streamOf(entry);
  return messageOf(entry)
    .split('\n')
    .map((text) => ({ service, stream, text, stamp }));
}

export function journalArguments(unit: string, { tail, follow, since }: LogOptions): readonly string[] {
  return [
    '--output=json',
    '--output-fields=MESSAGE,PRIORITY,_TRANSPORT',
    // Long messages are left out otherwise.
    '--all',
    '--no-pager',
    '--quiet',
    `--unit=${unit}`,
    `--lines=${tail}`,
    ...(follow ? ['--follow'] : []),
    ...(since === undefined ? [] : [`--since=@${since.toFixed(6)}`]),
  ];
}

async function* unitLines(
  { execLines }: Pick<Host, 'execLines'>,
  { id, service }: Pick<ObservedContainer, 'id' | 'service'>,
  options: LogOptions,
  signal: AbortSignal,
): AsyncGenerator<StampedLine> {
  const lines = execLines('journalctl', journalArguments(id, options), { env: PLAIN_OUTPUT, signal });
  for await (const line of lines) yield* linesOf(service, line);
}

function toError(cause: unknown, { uid }: Pick<Host, 'uid'>, signal: AbortSignal): Error {
  if (signal.aborted) return new CancelledError('interrupted: it was reading logs', { cause });
  const said = cause instanceof Error ? cause.message : String(cause);
  return new EnvironmentError(`cannot read the journal: ${said}`, {
    code: 'journal-unreadable',
    hint:
      uid === 0
        ? 'see whether `journalctl -n 1` answers'
        : 'run with sudo, or join the group (`sudo usermod -aG systemd-journal $USER`, then log in again)',
    cause,
  });
}

/** Without `follow`: lines of all units in order of time. With: as they come. Rejects with pgmon's errors only. */
export async function* readJournal(
  host: Pick<Host, 'exec' | 'execLines' | 'uid'>,
  containers: readonly ObservedContainer[],
  options: LogOptions,
  signal: AbortSignal,
): AsyncGenerator<LogLine> {
  // A reader that stops early leaves programs that may never end by themselves.
  const closed = new AbortController();
  const close = () => closed.abort();
  signal.addEventListener('abort', close, { once: true });
  try {
    signal.throwIfAborted();
    // Last words of a process that has just died may not be written yet; only root may ask for it, and waiting helps nobody else.
    if (host.uid === 0) await host.exec('journalctl', ['--sync'], { signal, timeoutMs: 5000 });
    const sources = containers.map((one) => unitLines(host, one, options, closed.signal));
    const merge = options.follow ? mergeArrivals : mergeByTime;
    for await (const { stamp, text, ...line } of merge(sources)) {
      yield { ...line, text: options.timestamps && stamp !== '' ? `${stamp} ${text}` : text };
    }
  } catch (cause) {
    throw toError(cause, host, signal);
  } finally {
    signal.removeEventListener('abort', close);
    close();
  }
}
