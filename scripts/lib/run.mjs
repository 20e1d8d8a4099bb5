// Runs programs for the scripts: shown to the person, or quietly for their output.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
export const pgmonProgram = path.join(root, 'bin/pgmon.js');

/** Ends the script with this exit code; the message goes to stderr. */
export class Stop extends Error {
  constructor(message, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

export const say = (text) => process.stdout.write(`${text}\n`);

/** Exit code (127 when the program is not there) and, with `quiet`, what it printed. */
export function run(file, args, { quiet = false, ...options } = {}) {
  return new Promise((resolve) => {
    const stdio = quiet ? ['ignore', 'pipe', 'pipe'] : 'inherit';
    const child = spawn(file, args, { cwd: root, stdio, ...options });
    let stdout = '';
    let stderr = '';
    child.stdout?.setEncoding('utf8').on('data', (text) => (stdout += text));
    child.stderr?.setEncoding('utf8').on('data', (text) => (stderr += text));
    child.once('error', (error) => resolve({ code: 127, stdout, stderr: String(error.message) }));
    child.once('close', (code, signal) =>
      resolve({ code: code ?? (signal === 'SIGINT' ? 130 : 1), stdout, stderr }),
    );
  });
}

/** Runs a step that must succeed; its exit code becomes the script's. */
export async function step(title, file, args, options) {
  say(`\n== ${title}`);
  const { code } = await run(file, args, options);
  if (code !== 0) throw new Stop(`${title}: failed with exit code ${code}`, code);
}

/** Runs `work` and turns what it throws into a message and an exit code. */
export async function main(work) {
  try {
    process.exitCode = (await work()) ?? 0;
  } catch (error) {
    process.stderr.write(`error: ${error instanceof Stop ? error.message : error.stack}\n`);
    process.exitCode = error.exitCode ?? 1;
  }
}
