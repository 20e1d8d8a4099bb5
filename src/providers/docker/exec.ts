/** Runs a program inside a container and waits for its output and exit code. */
import { addAbortSignal } from 'node:stream';
import type Docker from 'dockerode';
import type { CommandOutput } from '../provider.ts';
import { readFrames } from './frames.ts';

export interface ExecRequest {
  readonly containerId: string;
  readonly command: readonly string[];
  readonly input?: string;
  readonly user?: string;
}

const EXIT_PAUSE_MS = 20;
/** The exit code trails the end of the output: by a moment, by seconds on a busy daemon. */
const EXIT_LIMIT_MS = 10_000;

async function exitCodeOf(exec: Docker.Exec): Promise<number> {
  for (let waitedMs = 0; waitedMs < EXIT_LIMIT_MS; waitedMs += EXIT_PAUSE_MS) {
    const { ExitCode, Running } = await exec.inspect();
    if (!Running && ExitCode !== null) return ExitCode;
    await new Promise((resolve) => setTimeout(resolve, EXIT_PAUSE_MS));
  }
  throw new Error('the program ended its output but not itself');
}

/** With `input` the connection is hijacked so that both directions flow; without, a plain answer does. */
async function openStream(
  exec: Docker.Exec,
  input: string | undefined,
  signal: AbortSignal,
): Promise<AsyncIterable<Uint8Array>> {
  if (input === undefined) return exec.start({ Detach: false, Tty: false, abortSignal: signal });
  const socket = await exec.start({
    hijack: true,
    stdin: true,
    Detach: false,
    Tty: false,
    abortSignal: signal,
  });
  // A program that ends without reading its input resets this side; its exit code tells what happened.
  socket.on('error', () => {});
  addAbortSignal(signal, socket);
  socket.end(input);
  return socket;
}

/** Rejects with the library's error; the caller guards it. */
export async function runExec(
  docker: Docker,
  request: ExecRequest,
  signal: AbortSignal,
): Promise<CommandOutput> {
  const { containerId, command, input, user } = request;
  const exec = await docker.getContainer(containerId).exec({
    Cmd: [...command],
    AttachStdin: input !== undefined,
    AttachStdout: true,
    AttachStderr: true,
    ...(user !== undefined && { User: user }),
    abortSignal: signal,
  });
  const pieces = { stdout: [] as Uint8Array[], stderr: [] as Uint8Array[] };
  for await (const { stream, bytes } of readFrames(await openStream(exec, input, signal)))
    pieces[stream].push(bytes);
  const exitCode = await exitCodeOf(exec);
  const text = (parts: readonly Uint8Array[]) => Buffer.concat(parts).toString('utf8');
  return { exitCode, stdout: text(pieces.stdout), stderr: text(pieces.stderr) };
}
