/** `pgmon top`: the live essentials of a server in the terminal, or of all in a list; again and again, or once. */
import { setMaxListeners } from 'node:events';
import { readSecrets } from '../apply/secrets.ts';
import { JOBS } from '../conventions.ts';
import { CancelledError, EXIT_CODES, UsageError } from '../errors.ts';
import { createColours, wantsColour } from '../output/colours.ts';
import type { CommandResult } from '../output/reporter.ts';
import type { Stack } from '../stack/stack.ts';
import { fleetFrame, fleetOrder } from '../top/fleet-frame.ts';
import { frame } from '../top/frame.ts';
import { loadFleetView, loadServerView } from '../top/load-view.ts';
import { paintLines } from '../top/paint.ts';
import type { ScreenState } from '../top/screen-state.ts';
import { fleetJson, viewJson } from '../top/view-json.ts';
import { chooseServers } from './choose-servers.ts';
import type { CommandContext, StackOptions } from './context.ts';
import { loadRendering } from './load-stack.ts';
import { toPrometheusError } from './prometheus-error.ts';
import { clockText, runTopScreen, type TopScreen } from './top-screen.ts';

export interface TopOptions extends StackOptions {
  /** As in the spec; without it the only one, or a list of all. */
  readonly server?: string;
  /** Print one frame and end, also on a terminal. */
  readonly once: boolean;
  /** Between two looks; default: the stack's scrape interval. */
  readonly intervalMs?: number;
}

const SHORTEST_INTERVAL_MS = 1000;
/** Timers cannot wait for more than 24 days, and fire at once instead. */
const LONGEST_INTERVAL_MS = 24 * 3_600_000;
/** Wide enough for every column where no terminal says how wide it is. */
const PIPE_COLUMNS = 120;

/** There unless Grafana evaluates the alerts, or all of them are switched off. */
const AVAILABILITY_RULES = 'prometheus/rules/pgmon-availability.yml';

/** Null = the list of all servers. */
function chooseServer(stack: Stack, name: string | undefined): string | null {
  const [first, ...others] = chooseServers(stack, name === undefined ? [] : [name]);
  if (first === undefined) throw new UsageError('the spec has no servers', { hint: 'add one to `servers:`' });
  return others.length === 0 ? first.name : null;
}

function intervalOf({ intervalMs }: TopOptions, { scrape }: Stack): number {
  if (intervalMs !== undefined && intervalMs < SHORTEST_INTERVAL_MS)
    throw new UsageError(
      `--interval of ${intervalMs / 1000}s is too short: new samples do not come so fast`,
      {
        hint: 'use 1s or more',
      },
    );
  if (intervalMs !== undefined && intervalMs > LONGEST_INTERVAL_MS)
    throw new UsageError(`--interval of ${intervalMs / 3_600_000}h is too long`, { hint: 'use 24h or less' });
  return intervalMs ?? scrape.intervalSeconds * 1000;
}

async function prepareLook(context: CommandContext, options: TopOptions) {
  const { host } = context;
  const { stack, rendered, outDir } = await loadRendering(context, options);
  // Only Prometheus is asked.
  const isOptional = (id: string) => !id.startsWith('prometheus.');
  const names = stack.servers.map(({ name }) => name);
  const server = chooseServer(stack, options.server);
  const intervalMs = intervalOf(options, stack);
  const secrets = await readSecrets(host, { stack, outDir, create: false, isOptional });
  const asking = (signal: AbortSignal) => {
    // Each request listens until its connection is closed, which is after its answer.
    setMaxListeners(0, signal);
    return { host, signal, rendered, secrets };
  };
  const { postgresql, postgresqlSlow, postgresqlSql } = JOBS;
  const now = () => ({
    atSeconds: host.clock.now() / 1000,
    scrapeIntervalSeconds: stack.scrape.intervalSeconds,
    jobs: [postgresql, postgresqlSlow, ...(stack.sqlExporter === null ? [] : [postgresqlSql])],
    hasAlerts: rendered.files.some(({ path }) => path === AVAILABILITY_RULES),
  });
  const look: TopScreen['look'] = {
    server: (name, signal) => loadServerView(asking(signal), name, now()),
    fleet: (signal) => loadFleetView(asking(signal), now()),
  };
  return { stack, names, server, intervalMs, look };
}

function printed(context: CommandContext, state: ScreenState): CommandResult {
  const { stdout, env } = context.host;
  const { stack, servers, view, fleet } = state;
  const size = { columns: stdout.isTTY ? stdout.columns : PIPE_COLUMNS, rows: null };
  const around = { stack, servers, selected: null, trouble: null };
  const clock = clockText(((view ?? fleet)?.atSeconds ?? 0) * 1000);
  const lines =
    view !== null
      ? frame(view, { ...around, clock, footer: [] }, size)
      : fleetFrame(fleet, { ...around, clock, footer: ['one of them: pgmon top <server>'] }, size);
  const json = view !== null ? viewJson(view) : fleet === null ? {} : fleetJson(fleet);
  return {
    exitCode: EXIT_CODES.done,
    text: `${paintLines(lines, createColours(wantsColour(stdout, env))).join('\n')}\n`,
    json: { stack, servers, ...json },
  };
}

/** Exit code 0 whatever the figures say: it shows, `pgmon check` judges. */
export async function top(context: CommandContext, options: TopOptions): Promise<CommandResult> {
  const { host, signal } = context;
  const { stack, names, server, intervalMs, look } = await prepareLook(context, options);
  const first = async (): Promise<ScreenState> => {
    const view = server === null ? null : await look.server(server, signal);
    const fleet = server === null ? await look.fleet(signal) : null;
    const selected = server ?? fleetOrder(names, fleet)[0] ?? '';
    return {
      stack: stack.name,
      servers: names,
      server,
      selected,
      view,
      fleet,
      trouble: null,
      overdueSinceMs: null,
    };
  };
  const state = await first().catch((error: unknown) => {
    if (signal.aborted) throw new CancelledError('interrupted', { cause: error });
    throw toPrometheusError(error, stack.name, options);
  });
  const isLive = host.stdout.isTTY && host.env.TERM !== 'dumb' && !options.once && !options.json;
  if (!isLive) return printed(context, state);
  await runTopScreen(context, { state, intervalMs, look });
  return { exitCode: EXIT_CODES.done, text: '', json: {} };
}
