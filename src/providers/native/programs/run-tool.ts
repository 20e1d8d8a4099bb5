/** Runs a tool of the system that must succeed; its last words become the error. */
import { CancelledError, EnvironmentError } from '../../../errors.ts';
import type { ExecResult, Host } from '../../../host/host.ts';

export interface ToolRun {
  /** The tool and its arguments; never a secret. */
  readonly command: readonly [string, ...string[]];
  /** What could not be done: `cannot <goal>: …`. */
  readonly goal: string;
  readonly hint: string;
  readonly env?: Readonly<Record<string, string>>;
}

const LAST_LINES = 3;

function lastWords({ stderr, stdout }: ExecResult): string {
  const lines = (text: string) => text.split(/[\r\n]+/).filter((line) => line.trim() !== '');
  const said = lines(stderr).length > 0 ? lines(stderr) : lines(stdout);
  return said
    .slice(-LAST_LINES)
    .map((line) => line.trim())
    .join('; ');
}

/** What the tool printed. Rejects with EnvironmentError, or CancelledError when `signal` is aborted. */
export async function runTool(host: Pick<Host, 'exec'>, run: ToolRun, signal: AbortSignal): Promise<string> {
  const [file, ...args] = run.command;
  const result = await host.exec(file, args, { signal, env: { LC_ALL: 'C', ...run.env } });
  if (result.exitCode === 0) return result.stdout;
  if (signal.aborted) throw new CancelledError();
  const reason = result.exitCode === null ? `cannot run ${file}: ${result.errorCode}` : lastWords(result);
  throw new EnvironmentError(`cannot ${run.goal}: ${reason}`, { code: 'program-install', hint: run.hint });
}
