/** A real registry on this machine: Debian's docker-registry in a process of its own, empty and gone after the test. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { hash } from 'bcryptjs';
import { onTestFinished } from 'vitest';
import { freePorts } from './running-stack.ts';
import { startSlowProxy } from './slow-proxy.ts';

const execute = promisify(execFile);
const TOOL_SCRIPT = path.resolve(import.meta.dirname, '../../scripts/lib/registry-tool.mjs');
const START_TIMEOUT_MS = 20_000;

export interface RegistryOptions {
  /** Without these everybody may push and pull. */
  readonly auth?: { readonly user: string; readonly password: string };
  /** Pace of what it sends, for each connection. Default: as fast as it can. */
  readonly bytesPerSecond?: number;
}

export interface TestRegistry {
  /** `127.0.0.1:<port>`: daemons speak plain HTTP with registries in 127.0.0.0/8. */
  readonly address: string;
  /** Ends the process at once, as a crash does. Safe to repeat. */
  stop(): Promise<void>;
}

async function findProgram(): Promise<string> {
  const { stdout } = await execute(process.execPath, [TOOL_SCRIPT]);
  return stdout.trim();
}

let program: Promise<string> | undefined;

/** The program's path; fetched from Debian when it is not in .cache/tools yet. Rejects where it cannot be had. */
function registryProgram(): Promise<string> {
  program ??= findProgram();
  return program;
}

async function whyMissing(): Promise<string | null> {
  try {
    await registryProgram();
    return null;
  } catch {
    return ' (skipped: docker-registry is not in .cache/tools and could not be fetched: run node scripts/setup.mjs)';
  }
}

/** Null when tests with a registry run (always with `CI` set); otherwise why they are skipped. */
export async function registryMissing(): Promise<string | null> {
  return process.env.CI === undefined ? await whyMissing() : null;
}

async function writeConfig(dir: string, address: string, auth: RegistryOptions['auth']): Promise<string> {
  if (auth !== undefined) {
    await writeFile(path.join(dir, 'htpasswd'), `${auth.user}:${await hash(auth.password, 4)}\n`);
  }
  const config = {
    version: 0.1,
    log: { level: 'error', accesslog: { disabled: true } },
    storage: { filesystem: { rootdirectory: path.join(dir, 'storage') } },
    http: { addr: address },
    ...(auth !== undefined && { auth: { htpasswd: { realm: 'test', path: path.join(dir, 'htpasswd') } } }),
  };
  const file = path.join(dir, 'config.yml');
  // JSON is YAML.
  await writeFile(file, JSON.stringify(config));
  return file;
}

async function answers(address: string): Promise<boolean> {
  try {
    const { status } = await fetch(`http://${address}/v2/`);
    return status === 200 || status === 401;
  } catch {
    return false;
  }
}

interface Server {
  readonly port: number;
  stop(): Promise<void>;
}

async function waitFor(address: string, hasEnded: () => boolean): Promise<void> {
  const deadlineMs = Date.now() + START_TIMEOUT_MS;
  while (!(await answers(address))) {
    if (hasEnded()) throw new Error('docker-registry ended at once');
    if (Date.now() > deadlineMs) throw new Error('docker-registry does not answer');
    await sleep(20);
  }
}

async function startServer(auth: RegistryOptions['auth']): Promise<Server> {
  const file = await registryProgram();
  const dir = await mkdtemp(path.join(os.tmpdir(), 'pgmon-test-registry-'));
  const [port = 0] = await freePorts(1);
  const address = `127.0.0.1:${port}`;
  const child = spawn(file, ['serve', await writeConfig(dir, address, auth)], { env: {}, stdio: 'ignore' });
  const ended = once(child, 'exit');
  const kill = () => void child.kill('SIGKILL');
  // For a test run that is ended before it can clean up.
  process.once('exit', kill);
  const stop = async () => {
    kill();
    await ended;
    process.off('exit', kill);
  };
  onTestFinished(async () => {
    await stop();
    await rm(dir, { recursive: true, force: true });
  });
  await waitFor(address, () => child.exitCode !== null);
  return { port, stop };
}

/** Serving when it resolves; its process and its files are gone after the test. */
export async function startRegistry(options: RegistryOptions = {}): Promise<TestRegistry> {
  const { auth, bytesPerSecond } = options;
  const server = await startServer(auth);
  if (bytesPerSecond === undefined) return { address: `127.0.0.1:${server.port}`, stop: server.stop };
  const proxy = await startSlowProxy(server.port, bytesPerSecond);
  onTestFinished(proxy.close);
  const stop = async () => {
    await server.stop();
    proxy.close();
  };
  return { address: `127.0.0.1:${proxy.port}`, stop };
}
