/** Runs programs of the system, systemd's above all, and turns their failures into pgmon's errors: the one place that reads what they say. */
import { CancelledError, EnvironmentError } from '../../errors.ts';
import type { ExecOptions, ExecResult, Host } from '../../host/host.ts';

/** The same words and numbers on every machine. */
export const PLAIN_OUTPUT = {
  LC_ALL: 'C.UTF-8',
  LANGUAGE: '',
  SYSTEMD_COLORS: '0',
  SYSTEMD_PAGER: '',
} as const;

export interface Tool {
  /** What is being done, for the message: `cannot <action>: …`. */
  readonly action: string;
  readonly file: string;
  readonly args: readonly string[];
  readonly hint?: string;
  readonly input?: string;
  /** Of the error when it fails; default: `systemd-refused`. */
  readonly code?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** What a program said, without the advice to look elsewhere. */
export function toolMessage({ stdout, stderr }: Pick<ExecResult, 'stdout' | 'stderr'>): string {
  const lines = `${stderr.trim() === '' ? stdout : stderr}`
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^(See|Hint:|Created symlink|Removed) /.test(line));
  return lines.slice(-5).join('; ');
}

function failure({ action, file, hint, code: errorCode }: Tool, result: ExecResult): EnvironmentError {
  if (result.errorCode === 'ENOENT') {
    return new EnvironmentError(`cannot ${action}: there is no program ${file}`, {
      code: 'program-missing',
      hint:
        hint ??
        `install it (${file} is part of systemd and its companions), or see what \`pgmon render --script\` prints`,
    });
  }
  const said = toolMessage(result);
  const end = result.exitCode ?? result.errorCode ?? 'unknown';
  return new EnvironmentError(`cannot ${action}: ${said === '' ? `${file} ended with ${end}` : said}`, {
    code: errorCode ?? 'systemd-refused',
    ...(hint !== undefined && { hint }),
  });
}

function refuseAborted({ action }: Tool, signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw new CancelledError(`interrupted: it was about to ${action}`);
}

/** Whatever the program answers; rejects only when it could not run, or with CancelledError. */
export async function askTool(
  host: Pick<Host, 'exec'>,
  tool: Tool,
  options: Pick<ExecOptions, 'signal' | 'timeoutMs'>,
): Promise<ExecResult> {
  refuseAborted(tool, options.signal);
  const { file, args, input, env } = tool;
  const result = await host.exec(file, args, {
    ...options,
    env: { ...PLAIN_OUTPUT, ...env },
    ...(input !== undefined && { input }),
  });
  refuseAborted(tool, options.signal);
  if (result.exitCode === null) throw failure(tool, result);
  return result;
}

/** Its stdout; a failing program rejects. */
export async function runTool(
  host: Pick<Host, 'exec'>,
  tool: Tool,
  options: Pick<ExecOptions, 'signal' | 'timeoutMs'> = {},
): Promise<string> {
  const result = await askTool(host, tool, options);
  if (result.exitCode !== 0) throw failure(tool, result);
  return result.stdout;
}
