/** Runs other programs through execa, which is loaded only when one is needed. */
import type { Exec, ExecLines } from './host.ts';

/** Output is kept as it is, final newline included; stdin is empty unless `input` is given. */
export function createExec(): Exec {
  return async (file, args, options = {}) => {
    const { execa } = await import('execa');
    const { cwd, env, input, signal, timeoutMs } = options;
    const result = await execa(file, [...args], {
      reject: false,
      stripFinalNewline: false,
      ...(input === undefined ? { stdin: 'ignore' as const } : { input }),
      ...(cwd !== undefined && { cwd }),
      ...(env !== undefined && { env }),
      ...(signal !== undefined && { cancelSignal: signal }),
      ...(timeoutMs !== undefined && { timeout: timeoutMs }),
    });
    return {
      exitCode: result.exitCode ?? null,
      stdout: String(result.stdout ?? ''),
      stderr: String(result.stderr ?? ''),
      errorCode: result.code ?? null,
    };
  };
}

/** Nothing is gathered in memory: the output may be long, or endless. */
export function createExecLines(): ExecLines {
  return async function* (file, args, options = {}) {
    const { ExecaError, execa } = await import('execa');
    const { env, signal } = options;
    const program = execa(file, [...args], {
      stdin: 'ignore',
      buffer: { stdout: false },
      ...(env !== undefined && { env }),
      ...(signal !== undefined && { cancelSignal: signal }),
    });
    try {
      for await (const line of program.iterable()) yield line;
    } catch (cause) {
      if (!(cause instanceof ExecaError)) throw cause;
      const said = String(cause.stderr ?? '').trim();
      throw Object.assign(new Error(said === '' ? cause.shortMessage : said, { cause }), {
        code: cause.code,
      });
    }
  };
}
