/** Speaks to a person: progress and warnings on stderr, the result on stdout. */
import type { ChalkInstance } from 'chalk';
import { createColours, wantsColour } from './colours.ts';
import { formatError } from './format-error.ts';
import { createLiveLines } from './live-lines.ts';
import { printable } from './printable.ts';
import type { ProgressEvent, Reporter, ReporterOptions } from './reporter.ts';

const ACTION_WIDTH = 9;
const ELAPSED_WIDTH = 6;

interface Running {
  readonly event: ProgressEvent;
  readonly sinceMs: number;
}

function formatElapsed(ms: number | null): string {
  return (ms === null ? '' : `${(ms / 1000).toFixed(1)}s`).padStart(ELAPSED_WIDTH);
}

/** `  + create     0.1s  volume demo_data  detail`: the long and uneven parts come last. */
function formatLine(
  mark: string,
  { action, resource, detail }: ProgressEvent,
  elapsedMs: number | null,
): string {
  const ending = detail === undefined ? '' : `  ${detail}`;
  return printable(
    `  ${mark} ${action.padEnd(ACTION_WIDTH)} ${formatElapsed(elapsedMs)}  ${resource}${ending}`,
  );
}

function formatEnd(event: ProgressEvent, elapsedMs: number | null, colours: ChalkInstance): string {
  if (event.status === 'done') return `${colours.green(formatLine('+', event, elapsedMs))}\n`;
  const detail = ['failed', event.detail ?? ''].filter((part) => part !== '').join(': ');
  return `${colours.red(formatLine('x', { ...event, detail }, elapsedMs))}\n`;
}

/** Ends of work are printed as lines; on a terminal, running work is shown in place below them. */
export function createHumanReporter(options: ReporterOptions): Reporter {
  const { stdout, stderr, env, now, debug } = options;
  const useColour = wantsColour(stderr, env);
  const colours = createColours(useColour);
  const live = createLiveLines(stderr);
  const running = new Map<string, Running>();
  const showRunning = () =>
    live.show([...running.values()].map(({ event, sinceMs }) => formatLine('.', event, now() - sinceMs)));
  const onEvent = (event: ProgressEvent) => {
    const key = `${event.resource}\n${event.action}`;
    const since = running.get(key)?.sinceMs ?? null;
    if (event.status === 'started' || event.status === 'progress') {
      running.set(key, { event, sinceMs: since ?? now() });
    } else {
      running.delete(key);
      live.print(formatEnd(event, since === null ? null : now() - since, colours));
    }
    showRunning();
  };
  const settle = () => {
    running.clear();
    showRunning();
  };
  return {
    useColour,
    event: onEvent,
    warn: (message) => live.print(`${colours.yellow(`warning: ${printable(message)}`)}\n`),
    info: (message) => live.print(`${printable(message)}\n`),
    result: (_command, { text }) => {
      settle();
      if (text !== '') stdout.write(text.endsWith('\n') ? text : `${text}\n`);
    },
    error: (_command, error) => {
      settle();
      const text = printable(formatError(error, debug));
      stderr.write(text.replace(/^error:/m, colours.red('error:')).replace(/^hint:/m, colours.cyan('hint:')));
    },
  };
}
