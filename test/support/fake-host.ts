/** A host for tests: real files in a directory of the test's own, everything else recorded or refused. */
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import type { Exec, Host, Http, OutStream, Prompt } from '../../src/host/host.ts';
import { createNodeHost } from '../../src/host/node-host.ts';

export interface FakeHostOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly isTTY?: boolean;
  readonly stdinText?: string;
  readonly signal?: AbortSignal;
  readonly exec?: Exec;
  readonly http?: Http;
  readonly prompt?: Prompt;
}

export interface FakeHost extends Host {
  /** What was written so far. */
  readonly written: { readonly stdout: () => string; readonly stderr: () => string };
}

const refuse = (what: string) => () => {
  throw new Error(`this test must not ${what}`);
};

/** Fails the test that asks anything. */
export const forbiddenPrompt: Prompt = {
  input: refuse('ask for input'),
  password: refuse('ask for a password'),
  confirm: refuse('ask for confirmation'),
  select: refuse('ask for a choice'),
};

function recordingStream(isTTY: boolean): { readonly stream: OutStream; readonly text: () => string } {
  const parts: string[] = [];
  return {
    stream: { isTTY, columns: 80, write: (text) => void parts.push(text) },
    text: () => parts.join(''),
  };
}

/** An empty directory that is gone after the test. */
export async function createTestDir(): Promise<string> {
  const dir = await mkdtemp(path.join(os.tmpdir(), 'pgmon-test-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

/** No programs, no network, no questions and no Docker daemon unless the options bring them. */
export function createFakeHost(options: FakeHostOptions): FakeHost {
  const isTTY = options.isTTY ?? false;
  const stdout = recordingStream(isTTY);
  const stderr = recordingStream(isTTY);
  const noDaemon = { DOCKER_HOST: `unix://${path.join(options.cwd, 'no-docker.sock')}` };
  return {
    ...createNodeHost({ signal: options.signal ?? new AbortController().signal }),
    cwd: options.cwd,
    homeDir: options.cwd,
    env: { ...noDaemon, ...options.env },
    exec: options.exec ?? refuse('run a program'),
    execLines: refuse('run a program'),
    http: options.http ?? refuse('use the network'),
    prompt: options.prompt ?? forbiddenPrompt,
    stdin: { isTTY, readText: async () => options.stdinText ?? '' },
    stdout: stdout.stream,
    stderr: stderr.stream,
    written: { stdout: stdout.text, stderr: stderr.text },
  };
}
