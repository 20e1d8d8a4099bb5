/** A real Alertmanager with the rendered configuration of a stack, in a container of its own. */
import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Stack } from '../../src/stack/stack.ts';
import { allFiles, renderForTest, secretValuesForTest, serviceOf } from './rendering.ts';
import { freePorts } from './running-stack.ts';
import { requireImage, runTool, writeRendering } from './tools.ts';

export interface PostedAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly generatorURL?: string;
  /** Default: it fires. */
  readonly isOver?: boolean;
}

export interface RunningAlertmanager {
  readonly name: string;
  /** `http://127.0.0.1:port`. */
  readonly url: string;
  readonly post: (alerts: readonly PostedAlert[]) => Promise<void>;
  readonly read: (path: string) => Promise<string>;
  readonly logs: () => Promise<string>;
  readonly remove: () => Promise<void>;
}

export interface AlertmanagerOptions {
  /** Secret id -> value; others are made up. */
  readonly secrets?: Readonly<Record<string, string>>;
  /** Of 127.0.0.1; one that is free when not given. */
  readonly port?: number;
  /** More of `docker run`. */
  readonly runOptions?: readonly string[];
}

const request = (url: string, init: RequestInit = {}, timeoutMs = 15_000) =>
  fetch(url, { ...init, signal: AbortSignal.timeout(timeoutMs) });

async function waitUntilReady(url: string, logs: () => Promise<string>): Promise<void> {
  const endMs = Date.now() + 60_000;
  for (;;) {
    // Docker's proxy takes connections before anything listens behind it, and then they hang.
    const answer = await request(`${url}/-/ready`, {}, 2_000).catch(() => null);
    if (answer?.ok === true) return;
    if (Date.now() > endMs) throw new Error(`Alertmanager is not ready: ${await logs()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** From now on for an hour, or a minute that is just over. An alert that began long ago would be sent without `group_wait`. */
function times(isOver: boolean) {
  const at = (offsetMs: number) => new Date(Date.now() + offsetMs).toISOString();
  return { startsAt: at(isOver ? -60_000 : 0), endsAt: at(isOver ? -100 : 3_600_000) };
}

export async function startAlertmanager(
  stack: Stack,
  { secrets = {}, runOptions = [], ...options }: AlertmanagerOptions = {},
): Promise<RunningAlertmanager> {
  const name = `pgmon-test-alertmanager-${randomBytes(3).toString('hex')}`;
  const dir = await mkdtemp(path.join(os.tmpdir(), `${name}-`));
  await chmod(dir, 0o755);
  const rendered = renderForTest(stack);
  const values = new Map([...secretValuesForTest(rendered), ...Object.entries(secrets)]);
  const files = allFiles(rendered, values).filter((file) => /^(secrets\/)?alertmanager\//.test(file.path));
  await writeRendering(dir, files);
  const port = options.port ?? (await freePorts(1))[0];
  const url = `http://127.0.0.1:${port}`;
  const docker = (...words: string[]) => runTool('docker', words);
  const hasSecrets = files.some((file) => file.path.startsWith('secrets/'));
  const started = await docker(
    'run',
    '-d',
    '--name',
    name,
    '--add-host',
    'host.docker.internal:host-gateway',
    '-p',
    `127.0.0.1:${port}:9093`,
    '-v',
    `${path.join(dir, 'alertmanager')}:/etc/alertmanager:ro`,
    ...(hasSecrets ? ['-v', `${path.join(dir, 'secrets/alertmanager')}:/run/secrets:ro`] : []),
    ...runOptions,
    await requireImage('alertmanager'),
    ...serviceOf(rendered, 'alertmanager').command,
  );
  const remove = async () => {
    await docker('rm', '-f', '-v', name);
    await rm(dir, { recursive: true, force: true });
  };
  const logs = async () => (await docker('logs', name)).output;
  try {
    if (started.code !== 0) throw new Error(started.output);
    await waitUntilReady(url, logs);
  } catch (error) {
    await remove();
    throw error;
  }
  return {
    name,
    url,
    post: async (alerts) => {
      const body = alerts.map(({ isOver = false, ...alert }) => ({ ...alert, ...times(isOver) }));
      const answer = await request(`${url}/api/v2/alerts`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      if (!answer.ok) throw new Error(`Alertmanager refuses the alerts: ${await answer.text()}`);
    },
    read: async (at) => (await request(url + at)).text(),
    logs,
    remove,
  };
}
