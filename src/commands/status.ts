/** `pgmon status`: what runs, where it answers, which targets are up and what is firing; once or again and again. */
import { readSecrets } from '../apply/secrets.ts';
import { EXIT_CODES, UsageError } from '../errors.ts';
import { createColours, wantsColour } from '../output/colours.ts';
import type { CommandResult } from '../output/reporter.ts';
import { isAbsent, isAllWell, observeStatus, type StackStatus } from '../verify/stack-status.ts';
import type { CommandContext, StackOptions } from './context.ts';
import { loadRendering } from './load-stack.ts';
import { nextCommand } from './next-command.ts';
import { formatStatus } from './status-text.ts';

export interface StatusOptions extends StackOptions {
  /** Show it again and again until Ctrl-C. */
  readonly watch: boolean;
  /** Between two looks with `watch`; default 2000. */
  readonly intervalMs?: number;
}

const DEFAULT_INTERVAL_MS = 2000;
/** Cursor home and clear below: redraws without flicker. */
const REDRAW = '\u001b[H\u001b[J';

function toResult(
  context: CommandContext,
  options: StatusOptions,
  stackName: string,
  status: StackStatus,
): CommandResult {
  const { stdout, env } = context.host;
  const width = stdout.isTTY ? stdout.columns : null;
  const colours = createColours(wantsColour(stdout, env));
  const text = isAbsent(status)
    ? `Stack ${stackName} is not up. Start it with: ${nextCommand('up', options)}\n`
    : formatStatus(stackName, status, colours, { width });
  const { services, targets, alerts, dataSource } = status;
  return {
    exitCode: isAllWell(status) ? EXIT_CODES.done : EXIT_CODES.verify,
    text,
    json: {
      stack: stackName,
      isUp: !isAbsent(status),
      services,
      targets: targets.isSeen ? targets.value : [],
      alerts: alerts.isSeen ? alerts.value : [],
      dataSource,
      notSeen: [targets, alerts].flatMap((part) => (part.isSeen ? [] : [part.reason])),
    },
  };
}

async function watch(
  context: CommandContext,
  intervalMs: number,
  look: () => Promise<CommandResult>,
): Promise<CommandResult> {
  const { host, signal } = context;
  let last: CommandResult = { exitCode: EXIT_CODES.done, text: '', json: {} };
  while (!signal.aborted) {
    try {
      last = await look();
      host.stdout.write(`${host.stdout.isTTY ? REDRAW : ''}${last.text}\n`);
      await host.clock.sleep(intervalMs, signal);
    } catch (error) {
      // Ctrl-C is the ordinary end of watching.
      if (!signal.aborted) throw error;
    }
  }
  return { ...last, text: '' };
}

/** Exit code 6 when a service does not run or a target is not up. */
export async function status(context: CommandContext, options: StatusOptions): Promise<CommandResult> {
  if (options.watch && options.json) {
    throw new UsageError('--watch and --json exclude each other', {
      hint: 'run `pgmon status --json` in a loop of your own',
    });
  }
  const { host, signal } = context;
  const { stack, rendered, outDir } = await loadRendering(context, options);
  const isOptional = (id: string) => !/^(?:prometheus|grafana)\./.test(id);
  const secrets = await readSecrets(host, { stack, outDir, create: false, isOptional });
  const provider = await context.provider(stack.runtime);
  const look = async () =>
    toResult(
      context,
      options,
      stack.name,
      await observeStatus({ host, provider, signal }, { stack, rendered, secrets, outDir }),
    );
  return options.watch ? watch(context, options.intervalMs ?? DEFAULT_INTERVAL_MS, look) : look();
}
