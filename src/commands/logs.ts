/** `pgmon logs`: what the services wrote, all of them or the named ones, once or until Ctrl-C. */
import { readSecrets } from '../apply/secrets.ts';
import { EnvironmentError, EXIT_CODES, UsageError } from '../errors.ts';
import { createColours, wantsColour } from '../output/colours.ts';
import { printable } from '../output/printable.ts';
import type { CommandResult } from '../output/reporter.ts';
import type { LogLine, LogOptions, ObservedContainer } from '../providers/provider.ts';
import { createScrubber } from '../stack/scrubber.ts';
import type { CommandContext, StackOptions } from './context.ts';
import { type LoadedRendering, loadRendering } from './load-stack.ts';
import { nextCommand } from './next-command.ts';

export interface LogsOptions extends StackOptions {
  /** Empty = all. */
  readonly services: readonly string[];
  readonly follow: boolean;
  readonly timestamps: boolean;
  /** Default all. */
  readonly tail?: number | 'all';
  /** A duration before now (`90s`, `10m`, `2h`, `7d`) or a time (`2026-01-31T12:00:00Z`). */
  readonly since?: string;
}

const UNIT_SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** Unix seconds. Throws UsageError. */
export function parseSince(text: string, nowMs: number): number {
  const duration = /^(\d+(?:\.\d+)?)([smhd])$/.exec(text);
  if (duration !== null) return nowMs / 1000 - Number(duration[1]) * (UNIT_SECONDS[duration[2] ?? ''] ?? 1);
  const timeMs = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(timeMs)) {
    throw new UsageError(`--since ${JSON.stringify(text)} is neither a duration nor a time`, {
      hint: 'use a duration such as 10m, or a time such as 2026-01-31T12:00:00Z',
    });
  }
  return timeMs / 1000;
}

function checkNames(asked: readonly string[], known: readonly string[]): void {
  const unknown = asked.filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  throw new UsageError(`no such service: ${unknown.join(', ')}`, {
    hint: `the stack has ${known.join(', ')}`,
  });
}

async function chooseContainers(
  context: CommandContext,
  options: LogsOptions,
  { rendered, outDir }: LoadedRendering,
): Promise<readonly ObservedContainer[]> {
  const { services: asked } = options;
  const { name: stackName, services, networks, volumes } = rendered;
  const provider = await context.provider(rendered.runtime);
  const world = await provider.observe({ stackName, outDir, services, networks, volumes }, context.signal);
  const containers = world.containers.filter(({ status }) => status !== 'created');
  checkNames(asked, [
    ...new Set([...services.map(({ name }) => name), ...containers.map(({ service }) => service)]),
  ]);
  const chosen = containers.filter(({ service }) => asked.length === 0 || asked.includes(service));
  const absent = asked.filter((name) => !chosen.some(({ service }) => service === name));
  if (chosen.length === 0) {
    const what =
      absent.length === 0 ? `stack ${stackName} is` : `${absent.join(', ')} of stack ${stackName} is`;
    throw new EnvironmentError(`${what} not up: there are no logs`, {
      code: 'stack-not-up',
      hint: `start it with: ${nextCommand('up', options)}`,
    });
  }
  const what = rendered.runtime === 'native' ? 'unit' : 'container';
  if (absent.length > 0) context.reporter.warn(`no ${what} of ${absent.join(', ')}`);
  return chosen;
}

/** `prometheus | text`, the names in one column; control characters cannot steer a terminal. */
function lineFormatter(
  context: CommandContext,
  containers: readonly ObservedContainer[],
): (line: LogLine) => string {
  const { stdout, env } = context.host;
  const colours = createColours(wantsColour(stdout, env));
  const width = Math.max(...containers.map(({ service }) => service.length));
  return ({ service, text }) =>
    `${colours.cyan(`${service.padEnd(width)} |`)} ${stdout.isTTY ? printable(text) : text}\n`;
}

/** Hides the values that can be read; one that cannot (a variable that is not set here) must not keep the logs away. */
async function secretScrubber({ host }: CommandContext, { stack, outDir }: LoadedRendering) {
  const read = await Promise.allSettled(
    stack.secrets.map((secret) => readSecrets(host, { stack: { secrets: [secret] }, outDir, create: false })),
  );
  return createScrubber(read.flatMap((one) => (one.status === 'fulfilled' ? [...one.value.values()] : [])));
}

/** Lines go to stdout as they come, without secret values; with `--json` one document holds them all. Ctrl-C is the ordinary end of following. */
export async function logs(context: CommandContext, options: LogsOptions): Promise<CommandResult> {
  if (options.follow && options.json) {
    throw new UsageError('--follow and --json exclude each other', { hint: 'leave one of them out' });
  }
  const { host, signal } = context;
  const since = options.since === undefined ? undefined : parseSince(options.since, host.clock.now());
  const loaded = await loadRendering(context, options);
  const containers = await chooseContainers(context, options, loaded);
  const { follow, timestamps, tail = 'all' } = options;
  const request: LogOptions = { follow, timestamps, tail, ...(since !== undefined && { since }) };
  const format = lineFormatter(context, containers);
  const scrub = await secretScrubber(context, loaded);
  const lines: LogLine[] = [];
  try {
    for await (const raw of (await context.provider(loaded.rendered.runtime)).logs(
      containers,
      request,
      signal,
    )) {
      const line = { ...raw, text: scrub(raw.text) };
      if (options.json) lines.push(line);
      else host.stdout.write(format(line));
    }
  } catch (error) {
    if (!(follow && signal.aborted)) throw error;
  }
  return { exitCode: EXIT_CODES.done, text: '', json: { stack: loaded.rendered.name, lines } };
}
