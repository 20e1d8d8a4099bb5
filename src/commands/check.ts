/** `pgmon check`: proves every hop of the data path and says which one is broken; writes JUnit XML when asked. */
import { readSecrets } from '../apply/secrets.ts';
import { EXIT_CODES, UsageError } from '../errors.ts';
import { queryPostgres } from '../host/postgres.ts';
import { createColours, wantsColour } from '../output/colours.ts';
import { formatJunit } from '../output/junit.ts';
import type { CommandResult } from '../output/reporter.ts';
import type { Stack } from '../stack/stack.ts';
import type { CheckResult } from '../verify/check-result.ts';
import { isAbsence } from '../verify/hops/container.ts';
import { settle } from '../verify/settle.ts';
import type { CheckHop } from '../verify/verify-context.ts';
import { verifyStack } from '../verify/verify-stack.ts';
import { countResults, formatChecks } from './check-text.ts';
import { chooseServers } from './choose-servers.ts';
import type { CommandContext, StackOptions } from './context.ts';
import { loadRendering } from './load-stack.ts';
import { nextCommand, withFlags } from './next-command.ts';
import { writeOutput } from './write-output.ts';

export interface CheckOptions extends StackOptions {
  /** File for JUnit XML, as typed. */
  readonly junit?: string;
  /**
   * Check again until all pass, for at most this long. Without it one round is made, in which only a first scrape or
   * evaluation that is still to come is waited for, once round the slow interval at most.
   */
  readonly waitMs?: number;
  /** Also ask every query of every dashboard. */
  readonly panels: boolean;
  /** With `panels`: the servers to look at; empty = all, up to a limit. */
  readonly servers: readonly string[];
}

/** The hop `panels` for the servers that are named. */
async function panelsHop(stack: Stack, options: CheckOptions): Promise<CheckHop> {
  const chosen = options.servers.length === 0 ? [] : chooseServers(stack, options.servers);
  // Loaded here: the catalogue's dashboards are large, and a plain check needs none.
  const [{ createPanelsHop }, { dashboardsOf }] = await Promise.all([
    import('../panels/check/check-panels.ts'),
    import('../stack/dashboards.ts'),
  ]);
  return createPanelsHop({ dashboards: dashboardsOf(stack), servers: chosen.map(({ name }) => name) });
}

/** Hops do not know the flags of the command line. */
function withOwnHint(result: CheckResult, options: CheckOptions): CheckResult {
  return result.hint === null ? result : { ...result, hint: withFlags(result.hint, options) };
}

async function runChecks(context: CommandContext, options: CheckOptions) {
  const { host, signal } = context;
  const { stack, rendered, outDir } = await loadRendering(context, options);
  const panels = options.panels ? await panelsHop(stack, options) : undefined;
  // No hop logs in to a receiver; the shell of a check need not know their secrets.
  const isOptional = (id: string) => id.startsWith('alerting.');
  const secrets = await readSecrets(host, { stack, outDir, create: false, isOptional });
  const provider = await context.provider(stack.runtime);
  // Shown in place on a terminal and gone with the result; a first scrape may take a while to come.
  const resource = `every hop of stack ${stack.name}`;
  context.reporter.event({ resource, action: 'check', status: 'started' });
  const startedMs = host.clock.now();
  const deadlineMs = startedMs + (options.waitMs ?? 0);
  const results = await settle({ clock: host.clock, signal, deadlineMs }, async () => {
    const value = await verifyStack(
      { host, provider, queryPostgres, signal },
      { stack, rendered, secrets, outDir },
      {
        panels,
        ...(options.waitMs !== undefined && { waitMs: Math.max(0, deadlineMs - host.clock.now()) }),
      },
    );
    return { value, isSettled: value.every(({ status }) => status !== 'fail') };
  });
  return {
    stackName: stack.name,
    results: results.map((one) => withOwnHint(one, options)),
    durationMs: host.clock.now() - startedMs,
  };
}

function toJson(
  stackName: string,
  results: readonly CheckResult[],
  durationMs: number,
): CommandResult['json'] {
  return { stack: stackName, ...countResults(results), durationMs, results };
}

/** True when no service has a container or unit: every other failure follows from that. */
function isAbsent(results: readonly CheckResult[]): boolean {
  return results.every(({ hop, detail }) => (hop !== 'container' && hop !== 'unit') || isAbsence(detail));
}

/** Exit code 6 when a hop fails; the results are the answer, not an error. */
export async function check(context: CommandContext, options: CheckOptions): Promise<CommandResult> {
  if (options.servers.length > 0 && !options.panels)
    throw new UsageError('--server picks servers for --panels only', {
      hint: 'add --panels, or leave --server out: the other hops look at every server',
    });
  const { stackName, results, durationMs } = await runChecks(context, options);
  if (options.junit !== undefined) {
    const content = formatJunit(stackName, results, durationMs);
    await writeOutput(context.host, { file: options.junit, content, errorCode: 'junit-not-written' });
  }
  const { stdout, env } = context.host;
  return {
    exitCode: countResults(results).failed > 0 ? EXIT_CODES.verify : EXIT_CODES.done,
    text: isAbsent(results)
      ? `Stack ${stackName} is not up. Start it with: ${nextCommand('up', options)}\n`
      : formatChecks(results, createColours(wantsColour(stdout, env))),
    json: toJson(stackName, results, durationMs),
  };
}
