/**
 * The composition root: takes a command line and the outside world, builds reporter and provider, runs one command,
 * and is the only place that turns errors into messages and exit codes.
 */
import path from 'node:path';
import { CommanderError } from 'commander';
import { openDirectories } from './apply/open-directories.ts';
import { createProgram, type RunCommand } from './cli/program.ts';
import { toPgmonError, toUsageError } from './cli/thrown.ts';
import type { CommandContext, GlobalOptions } from './commands/context.ts';
import { EXIT_CODES } from './errors.ts';
import type { Host } from './host/host.ts';
import type { Reporter } from './output/reporter.ts';
import type { Provider } from './providers/provider.ts';
import type { Runtime } from './stack/stack.ts';

async function readVersion(host: Host): Promise<string> {
  const manifest: unknown = JSON.parse(await host.fs.readText(path.join(host.packageDir, 'package.json')));
  return String((manifest as { readonly version?: unknown }).version);
}

async function openReporter(
  host: Host,
  options: Pick<GlobalOptions, 'json' | 'quiet' | 'debug'>,
): Promise<Reporter> {
  const { createReporter } = await import('./output/create-reporter.ts');
  const { stdout, stderr, env, clock } = host;
  const { json, quiet, debug } = options;
  return createReporter({ stdout, stderr, env, now: clock.now, json, quiet, debug });
}

/** Each with its own import: the one that is not used costs nothing. */
const OPEN_PROVIDER: Readonly<Record<Runtime, (host: Host) => Promise<Provider>>> = {
  docker: async (host) => (await import('./providers/docker/docker-provider.ts')).createDockerProvider(host),
  native: async (host) =>
    (await import('./providers/native/native-provider.ts')).createNativeProvider({
      ...host,
      // Whoever runs pgmon may have any umask; what it installs is for the services' users.
      fs: openDirectories(host.fs),
    }),
};

function lazyProvider(host: Host): CommandContext['provider'] {
  const opened = new Map<Runtime, Promise<Provider>>();
  return (runtime) => {
    const provider = opened.get(runtime) ?? OPEN_PROVIDER[runtime](host);
    opened.set(runtime, provider);
    return provider;
  };
}

/** Runs one command; every outcome, wanted or not, ends in one message and an exit code. */
function createRunner(host: Host, version: string): RunCommand {
  return async (name, options, execute) => {
    const reporter = await openReporter(host, options);
    const context: CommandContext = {
      host,
      reporter,
      provider: lazyProvider(host),
      imageStore: async () => (await import('./providers/docker/image-store.ts')).createImageStore(host),
      version,
      signal: host.signal,
    };
    try {
      const result = await execute(context);
      reporter.result(name, result);
      return result.exitCode;
    } catch (thrown) {
      const error = toPgmonError(thrown, host.signal.aborted);
      reporter.error(name, error);
      return host.signal.aborted ? EXIT_CODES.interrupted : error.exitCode;
    }
  };
}

/** The command line was wrong before any command could be chosen: only the raw words tell whether JSON is wanted. */
async function reportUsage(host: Host, argv: readonly string[], error: CommanderError): Promise<number> {
  const json = argv.includes('--json');
  const reporter = await openReporter(host, { json, quiet: false, debug: false });
  reporter.error(argv[2]?.startsWith('-') === false ? argv[2] : 'pgmon', toUsageError(error));
  return EXIT_CODES.usage;
}

/** Runs pgmon with `argv` as Node gives it; resolves with the exit code and never rejects for a user's mistake. */
export async function run(argv: readonly string[], host: Host): Promise<number> {
  const version = await readVersion(host);
  let exitCode: number = EXIT_CODES.done;
  const runCommand = createRunner(host, version);
  const program = createProgram(host, version, async (...command) => {
    exitCode = await runCommand(...command);
    return exitCode;
  });
  try {
    await program.parseAsync([...argv]);
    return exitCode;
  } catch (thrown) {
    if (!(thrown instanceof CommanderError)) throw thrown;
    if (thrown.exitCode === 0) return EXIT_CODES.done;
    // A person has read the help by now; a program has nothing yet.
    if (thrown.code === 'commander.help' && !argv.includes('--json')) return EXIT_CODES.usage;
    return reportUsage(host, argv, thrown);
  }
}
