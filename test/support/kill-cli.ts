/** Runs the built command line as a process of its own and kills it after a number of lines. */
import { execFileSync, spawn } from 'node:child_process';
import path from 'node:path';
import { PACKAGE_DIR } from './stack-fixture.ts';

export const CLI = path.join(PACKAGE_DIR, 'bin', 'pgmon.js');

/** Brings dist/ to what src/ says. */
export function buildCli(): void {
  execFileSync(process.execPath, [path.join(PACKAGE_DIR, 'scripts', 'build.mjs')], {
    cwd: PACKAGE_DIR,
    stdio: 'pipe',
  });
}

export interface KilledRun {
  /** False: it ended by itself before that line. */
  readonly wasKilled: boolean;
  readonly code: number | null;
  readonly stderr: string;
}

/** Kills with SIGKILL as soon as `lines` lines have come on stderr. */
export function runAndKill(words: readonly string[], lines: number): Promise<KilledRun> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [CLI, ...words], { stdio: ['ignore', 'ignore', 'pipe'] });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
      if (stderr.split('\n').length > lines) child.kill('SIGKILL');
    });
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ wasKilled: signal === 'SIGKILL', code, stderr }));
  });
}
