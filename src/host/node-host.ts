/** The real outside world: puts together files, programs, network, clock, prompt and streams of this process. */
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { EXIT_CODES, systemReason } from '../errors.ts';
import { createClock } from './clock.ts';
import type { Host } from './host.ts';
import { createInterruptController } from './interrupt.ts';
import { createExec, createExecLines } from './node-exec.ts';
import { createNodeFs } from './node-fs.ts';
import { createHttp } from './node-http.ts';
import { isPortFree } from './node-port.ts';
import { createPrompt } from './node-prompt.ts';
import { createInput, createOutStream } from './node-streams.ts';
import { createTerminal } from './node-terminal.ts';

export interface NodeHostOptions {
  /** Replaces Ctrl-C as what ends a run; with it no signal handler is installed. */
  readonly signal?: AbortSignal;
}

/** The nearest directory above this module that holds a package.json: right both from src/ and from dist/. */
function findPackageDir(): string {
  let dir = path.dirname(fileURLToPath(import.meta.url));
  while (!existsSync(path.join(dir, 'package.json')) && path.dirname(dir) !== dir) dir = path.dirname(dir);
  return dir;
}

function isProcessAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Nothing can be said on stdout any more; the exit code holds whatever the command itself ends with. */
function failOutput(error: NodeJS.ErrnoException): void {
  process.stderr.write(`error: cannot write the output: ${systemReason(error)}\n`);
  process.once('exit', () => {
    process.exitCode = EXIT_CODES.environment;
  });
}

/** The host that pgmon runs on. Installs handlers for SIGINT, SIGTERM and SIGHUP unless a signal is passed in. */
export function createNodeHost(options: NodeHostOptions = {}): Host {
  const interrupt = options.signal === undefined ? createInterruptController(process) : null;
  const signal = options.signal ?? interrupt?.signal ?? new AbortController().signal;
  return {
    cwd: process.cwd(),
    homeDir: os.homedir(),
    env: process.env,
    platform: process.platform,
    arch: process.arch,
    uid: process.getuid?.() ?? null,
    pid: process.pid,
    hostName: os.hostname(),
    cpuCount: os.availableParallelism(),
    packageDir: findPackageDir(),
    fs: createNodeFs(),
    exec: createExec(),
    execLines: createExecLines(),
    http: createHttp(),
    clock: createClock(),
    prompt: createPrompt(process.stdin, process.stderr, signal),
    randomBytes: (count) => randomBytes(count),
    isProcessAlive,
    isPortFree,
    stdin: createInput(process.stdin),
    stdout: createOutStream(process.stdout, {
      onClosed: () => interrupt?.abort(),
      onFailed: (error) => {
        failOutput(error);
        interrupt?.abort();
      },
    }),
    stderr: createOutStream(process.stderr, { onClosed: () => undefined, onFailed: failOutput }),
    terminal: createTerminal(process.stdin, process.stdout),
    signal,
  };
}
