/** Runs other programs through execa, which is loaded only when one is needed. */
import type { Exec } from './host.ts';

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
