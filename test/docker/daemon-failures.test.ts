/** What a daemon can do wrong, from one that speaks HTTP on a socket of the test's own: needs no Docker. */

import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createNetServer } from 'node:net';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createDockerProvider } from '../../src/providers/docker/docker-provider.ts';
import type { PullProgress } from '../../src/providers/provider.ts';
import { createFakeHost, createTestDir } from '../support/fake-host.ts';

const signal = new AbortController().signal;

interface FakeDaemon {
  readonly provider: Awaited<ReturnType<typeof createDockerProvider>>;
  readonly requests: { readonly url: string; readonly auth: string | undefined }[];
  readonly server: Server;
}

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** Answers the pull with `answer`; the image is there afterwards when `isHere`. */
async function fakeDaemon(
  answer: Answer,
  options: { readonly isHere?: boolean; readonly config?: object } = {},
): Promise<FakeDaemon> {
  const dir = await createTestDir();
  const socket = path.join(dir, 'docker.sock');
  const requests: { url: string; auth: string | undefined }[] = [];
  const server = createServer((request, response) => {
    requests.push({ url: request.url ?? '', auth: request.headers['x-registry-auth']?.toString() });
    if (request.method === 'POST') return answer(request, response);
    response.writeHead(options.isHere === true ? 200 : 404, { 'content-type': 'application/json' });
    return response.end(options.isHere === true ? '{"Id":"sha256:1"}' : '{"message":"No such image"}');
  });
  await new Promise<void>((resolve) => void server.listen(socket, resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  if (options.config !== undefined) {
    await mkdir(path.join(dir, '.docker'));
    await writeFile(path.join(dir, '.docker/config.json'), JSON.stringify(options.config));
  }
  const provider = await createDockerProvider(
    createFakeHost({ cwd: dir, env: { DOCKER_HOST: `unix://${socket}` } }),
  );
  return { provider, requests, server };
}

const line = (record: object) => `${JSON.stringify(record)}\r\n`;
const DONE = line({ status: 'Status: Downloaded newer image for x:1' });

function downloading(current: number): string {
  return line({ status: 'Downloading', id: 'layer', progressDetail: { current, total: 100 } });
}

describe('a pull', () => {
  test('that ends well tells its bytes', async () => {
    const { provider, requests } = await fakeDaemon(
      (_, response) => {
        const bytes = Buffer.from(
          downloading(10) +
            line({ status: 'Wählt', id: 'x' }) +
            downloading(60) +
            line({ status: 'Download complete', id: 'layer' }) +
            DONE,
        );
        for (let from = 0; from < bytes.length; from += 7) response.write(bytes.subarray(from, from + 7));
        response.end();
      },
      { isHere: true },
    );
    const seen: PullProgress[] = [];
    await provider.pull('r.example/x:1', (progress) => seen.push(progress), signal);
    expect(seen.map(({ currentBytes }) => currentBytes)).toEqual([10, 60, 100]);
    expect(requests[0]).toEqual({
      url: expect.stringContaining('fromImage=r.example%2Fx&tag=1'),
      auth: undefined,
    });
  });

  test('whose last line lacks its line break ends well', async () => {
    const { provider } = await fakeDaemon((_, response) => void response.end(DONE.trim()), { isHere: true });
    await expect(provider.pull('x:1', () => {}, signal)).resolves.toBeUndefined();
  });

  test('with an error inside the 200 rejects', async () => {
    const { provider } = await fakeDaemon((_, response) => {
      response.end(
        downloading(10) + line({ errorDetail: { message: 'manifest unknown' }, error: 'manifest unknown' }),
      );
    });
    await expect(provider.pull('x:1', () => {}, signal)).rejects.toMatchObject({ code: 'image-not-found' });
  });

  test('with the error in a last line without line break rejects', async () => {
    const { provider } = await fakeDaemon(
      (_, response) => void response.end(line({ error: 'no space left on device' }).trim()),
      { isHere: true },
    );
    await expect(provider.pull('x:1', () => {}, signal)).rejects.toMatchObject({ code: 'disk-full' });
  });

  test.each([
    [
      'the connection breaks',
      (response: ServerResponse) => void response.write(downloading(10), () => response.destroy()),
    ],
    [
      'it ends inside a line',
      (response: ServerResponse) => void response.end(downloading(10) + DONE.slice(0, 12)),
    ],
    [
      'it ends early, without the image being there',
      (response: ServerResponse) => void response.end(downloading(10)),
    ],
  ])('that is cut off rejects: %s', async (_, cut) => {
    const { provider } = await fakeDaemon((__, response) => cut(response));
    await expect(provider.pull('x:1', () => {}, signal)).rejects.toMatchObject({
      code: 'pull-cut-off',
      hint: expect.stringContaining('again'),
    });
  });

  test('that the daemon refuses with a status rejects with its sentence', async () => {
    const { provider } = await fakeDaemon(
      (_, response) =>
        void response
          .writeHead(500, { 'content-type': 'application/json' })
          .end('{"message":"unauthorized: authentication required"}'),
    );
    await expect(provider.pull('r.example/x:1', () => {}, signal)).rejects.toMatchObject({
      code: 'image-unauthorized',
      message: expect.stringContaining('unauthorized: authentication required'),
      hint: expect.stringContaining('docker login r.example'),
    });
  });

  test('that is aborted is cancelled at once', async () => {
    const { provider } = await fakeDaemon((_, response) => void response.write(downloading(10)));
    const controller = new AbortController();
    const pulling = provider.pull('x:1', () => controller.abort(), controller.signal);
    await expect(pulling).rejects.toMatchObject({ code: 'interrupted', exitCode: 130 });
  });

  test("sends the registry's credentials in the header only, and no error shows them", async () => {
    const secret = 'pass-word-1';
    const config = { auths: { 'r.example': { auth: Buffer.from(`me:${secret}`).toString('base64') } } };
    const { provider, requests } = await fakeDaemon(
      (_, response) => void response.end(line({ error: 'unauthorized' })),
      { config },
    );
    const failure: unknown = await provider
      .pull('r.example/x:1', () => {}, signal)
      .catch((error: unknown) => error);
    expect(JSON.parse(Buffer.from(requests[0]?.auth ?? '', 'base64url').toString())).toEqual({
      username: 'me',
      password: secret,
      serveraddress: 'r.example',
    });
    expect(requests.map(({ url }) => url).join()).not.toContain(secret);
    expect(JSON.stringify(failure) + String(failure)).not.toContain(secret);
  });
});

describe('a daemon', () => {
  test('that is not there is told with its address and where that came from', async () => {
    const dir = await createTestDir();
    const provider = await createDockerProvider(
      createFakeHost({ cwd: dir, env: { DOCKER_HOST: `unix://${dir}/none.sock` } }),
    );
    await expect(provider.describe(signal)).rejects.toMatchObject({
      code: 'docker-unreachable',
      exitCode: 4,
      message: `the Docker daemon at unix://${dir}/none.sock (from DOCKER_HOST) does not answer: ENOENT`,
    });
  });

  test('that dies in the middle of a call is unreachable, not a bug', async () => {
    const { provider } = await fakeDaemon((request) => void request.socket.destroy());
    await expect(provider.start('abc', signal)).rejects.toMatchObject({
      code: 'docker-unreachable',
      exitCode: 4,
    });
  });

  test('that dies in the middle of an answer is unreachable, not waited for', async () => {
    const { provider } = await fakeDaemon((request, response) => {
      response.writeHead(500, { 'content-type': 'application/json', 'content-length': 100 });
      response.write('{"message":', () => request.socket.destroy());
    });
    await expect(provider.start('abc', signal)).rejects.toMatchObject({
      code: 'docker-unreachable',
      exitCode: 4,
    });
  });

  test('that is given up waiting for: observe ends at once on Ctrl-C', async () => {
    const dir = await createTestDir();
    const server = createNetServer(() => {}).listen(`${dir}/silent.sock`);
    onTestFinished(() => void server.close());
    const provider = await createDockerProvider(
      createFakeHost({ cwd: dir, env: { DOCKER_HOST: `unix://${dir}/silent.sock` } }),
    );
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 50);
    const request = { stackName: 'x', outDir: dir, services: [], networks: [], volumes: [] };
    await expect(provider.observe(request, controller.signal)).rejects.toMatchObject({ code: 'interrupted' });
  });

  test('on a TCP address is spoken to, whatever DOCKER_HOST of this process says', async () => {
    const server = createServer(
      (_, response) =>
        void response.writeHead(200, { 'content-type': 'application/json' }).end('{"Version":"99.1"}'),
    );
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    const { port } = server.address() as { readonly port: number };
    const before = process.env.DOCKER_HOST;
    process.env.DOCKER_HOST = 'tcp://127.0.0.1:1';
    onTestFinished(() => {
      if (before === undefined) delete process.env.DOCKER_HOST;
      else process.env.DOCKER_HOST = before;
    });
    const dir = await createTestDir();
    const provider = await createDockerProvider(
      createFakeHost({ cwd: dir, env: { DOCKER_HOST: `tcp://127.0.0.1:${port}` } }),
    );
    expect(await provider.describe(signal)).toBe(`Docker 99.1 at tcp://127.0.0.1:${port} (from DOCKER_HOST)`);
  });

  test.skipIf(process.getuid?.() === 0)(
    'whose socket this user may not use (skipped for root, who may use all)',
    async () => {
      const dir = await createTestDir();
      const server = createNetServer().listen(`${dir}/locked.sock`);
      onTestFinished(() => void server.close());
      await chmod(`${dir}/locked.sock`, 0o000);
      const provider = await createDockerProvider(
        createFakeHost({ cwd: dir, env: { DOCKER_HOST: `unix://${dir}/locked.sock` } }),
      );
      await expect(provider.describe(signal)).rejects.toMatchObject({ code: 'docker-permission' });
    },
  );
});
