/** Runs many short programs in a test machine through one connection: a `docker exec` takes longer than most of them. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { NODE_PATH } from './systemd-places.ts';
import type { ExecOptions, Ran, SystemdWorld } from './systemd-world.ts';

/** Runs inside the machine: one JSON document a line, in and out. */
const AGENT = `
const { execFile } = require('node:child_process');
const { createInterface } = require('node:readline');
createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, words: [file, ...args], input, ids, env } = JSON.parse(line);
  const options = { ...ids, env: { ...process.env, ...env }, cwd: '/', maxBuffer: 2 ** 28 };
  const answer = (exitCode, stdout, stderr) =>
    process.stdout.write(JSON.stringify({ id, exitCode, stdout, stderr }) + '\\n');
  const child = execFile(file, args, options, (error, stdout, stderr) => {
    if (error === null || typeof error.code === 'number') answer(error?.code ?? 0, stdout, stderr);
    else answer({ ENOENT: 127, EACCES: 126 }[error.code] ?? 137, stdout, stderr + error.message);
  });
  child.stdin.on('error', () => {});
  child.stdin.end(input ?? '');
});
`;

/** A failing program is an outcome. */
export type RunInWorld = (words: readonly string[], options?: ExecOptions) => Promise<Ran>;

interface Waiting {
  readonly resolve: (ran: Ran) => void;
  readonly reject: (error: Error) => void;
}

const NOBODY = { uid: 65534, gid: 65534 } as const;

function idsOf(user: string): object {
  if (user === 'root') return {};
  if (user === 'nobody') return NOBODY;
  throw new Error(`the agent runs programs as root or nobody, not as ${user}`);
}

/** Works until the machine stops or is removed; what then still runs rejects. */
export function connectAgent({ name }: Pick<SystemdWorld, 'name'>): RunInWorld {
  const words = ['exec', '--interactive', name, NODE_PATH, '--eval', AGENT];
  const agent = spawn('docker', words, { stdio: ['pipe', 'pipe', 'inherit'] });
  const waiting = new Map<number, Waiting>();
  let count = 0;
  let end: Error | null = null;
  const finish = (error: Error) => {
    end ??= error;
    for (const { reject } of waiting.values()) reject(end);
    waiting.clear();
  };
  agent.on('error', finish);
  agent.on('close', (code) => finish(new Error(`the agent in ${name} has ended (${code})`)));
  agent.stdin.on('error', finish);
  createInterface({ input: agent.stdout }).on('line', (line) => {
    const { id, ...ran } = JSON.parse(line) as Ran & { readonly id: number };
    waiting.get(id)?.resolve(ran);
    waiting.delete(id);
  });
  return (command, { input, user = 'root', env } = {}) =>
    new Promise((resolve, reject) => {
      if (end !== null) return reject(end);
      count += 1;
      waiting.set(count, { resolve, reject });
      const request = { id: count, words: command, input, ids: idsOf(user), env };
      agent.stdin.write(`${JSON.stringify(request)}\n`);
    });
}
