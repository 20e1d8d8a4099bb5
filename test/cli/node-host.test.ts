/** The real host: files, programs, HTTP, ports and signals of this machine. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createNodeHost } from '../../src/host/node-host.ts';
import { createTestDir } from '../support/fake-host.ts';

const host = createNodeHost({ signal: new AbortController().signal });

async function serve(listener: RequestListener): Promise<number> {
  const server = createServer(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

describe('files', () => {
  it('are written whole, with their mode, parents made, and no temporary file left', async () => {
    const dir = await createTestDir();
    const file = path.join(dir, 'a/b/c.yml');
    await host.fs.writeAtomic(file, 'one', { mode: 0o444 });
    await host.fs.writeAtomic(file, 'two', { mode: 0o600 });
    expect(await readFile(file, 'utf8')).toBe('two');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readdir(path.dirname(file))).toEqual(['c.yml']);
  });

  it('leave no temporary file behind when the write fails', async () => {
    const dir = await createTestDir();
    await mkdir(path.join(dir, 'taken'));
    await writeFile(path.join(dir, 'taken/inside'), '');
    await expect(host.fs.writeAtomic(path.join(dir, 'taken'), 'x')).rejects.toMatchObject({ code: 'EISDIR' });
    expect(await readdir(dir)).toEqual(['taken']);
  });

  it('are written side by side into directories that none of them had', async () => {
    const dir = await createTestDir();
    const names = Array.from({ length: 20 }, (_, index) => `a/b/c/${index}.yml`);
    await Promise.all(names.map((name) => host.fs.writeAtomic(path.join(dir, name), name)));
    expect(await readdir(path.join(dir, 'a/b/c'))).toHaveLength(20);
  });

  it.skipIf(process.platform !== 'linux')('are refused at once where no directory can be made', async () => {
    await expect(host.fs.writeAtomic('/proc/pgmon-test/a/b.yml', 'x')).rejects.toMatchObject({
      code: 'ENOENT',
    });
  });

  it('are made exclusively once', async () => {
    const file = path.join(await createTestDir(), 'lock');
    expect(await host.fs.createExclusive(file, 'first')).toBe(true);
    expect(await host.fs.createExclusive(file, 'second')).toBe(false);
    expect(await readFile(file, 'utf8')).toBe('first');
  });

  it('that are not there are null, empty or removed already', async () => {
    const absent = path.join(await createTestDir(), 'absent');
    expect(await host.fs.readTextIfExists(absent)).toBeNull();
    expect(await host.fs.stat(absent)).toBeNull();
    expect(await host.fs.list(absent)).toEqual([]);
    await expect(host.fs.remove(absent)).resolves.toBeUndefined();
    await expect(host.fs.readText(absent)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('are told from directories and symlinks', async () => {
    const dir = await createTestDir();
    await symlink('nowhere', path.join(dir, 'link'));
    expect(await host.fs.stat(path.join(dir, 'link'))).toMatchObject({ kind: 'symlink' });
    await chmod(dir, 0o700);
    expect(await host.fs.stat(dir)).toMatchObject({ kind: 'directory', mode: 0o700 });
  });
});

describe('programs', () => {
  it('hand back exit code and output as they are', async () => {
    const result = await host.exec('sh', ['-c', 'cat; echo "$WORD" >&2; exit 3'], {
      input: 'in\n',
      env: { WORD: 'w' },
    });
    expect(result).toEqual({ exitCode: 3, stdout: 'in\n', stderr: 'w\n', errorCode: null });
  });

  it('that do not exist are an answer, not an exception', async () => {
    expect(await host.exec('pgmon-no-such-program', [])).toMatchObject({
      exitCode: null,
      errorCode: 'ENOENT',
    });
  });

  it('are stopped by their timeout', async () => {
    expect((await host.exec('sleep', ['30'], { timeoutMs: 100 })).exitCode).not.toBe(0);
  });
});

describe('HTTP', () => {
  it('sends method, body and basic auth and hands back any status', async () => {
    const port = await serve((request, response) => {
      request.pipe(
        response.writeHead(418, { 'x-seen': `${request.method} ${request.headers.authorization}` }),
      );
    });
    const response = await host.http({
      url: `http://127.0.0.1:${port}/x`,
      method: 'POST',
      body: 'grün',
      basicAuth: { user: 'admin', password: 'p:w' },
    });
    expect(response).toMatchObject({ status: 418, body: 'grün' });
    expect(response.headers['x-seen']).toBe(`POST Basic ${Buffer.from('admin:p:w').toString('base64')}`);
  });

  it('gives up on a server that answers but never ends', async () => {
    const port = await serve((_request, response) => void response.write('a part'));
    const request = host.http({ url: `http://127.0.0.1:${port}/`, timeoutMs: 200 });
    await expect(request).rejects.toMatchObject({ code: 'ETIMEDOUT' });
  });

  it('reads no more than it was told to take', async () => {
    const endless: RequestListener = (_request, response) => {
      const more = () =>
        void response.write(Buffer.alloc(1024), () => response.destroyed || setImmediate(more));
      more();
    };
    const url = `http://127.0.0.1:${await serve(endless)}/`;
    await expect(host.http({ url, maxBytes: 10_000 })).rejects.toMatchObject({ code: 'ETOOBIG' });
    const exact = `http://127.0.0.1:${await serve((_request, response) => void response.end('12345'))}/`;
    expect((await host.http({ url: exact, maxBytes: 5 })).body).toBe('12345');
    await expect(host.http({ url: exact, maxBytes: 4 })).rejects.toMatchObject({ code: 'ETOOBIG' });
  });

  it('tells that nobody listens', async () => {
    const port = await serve(() => undefined);
    await expect(host.http({ url: `http://127.0.0.1:${port}/`, timeoutMs: 100 })).rejects.toMatchObject({
      code: 'ETIMEDOUT',
    });
    await expect(host.http({ url: 'http://127.0.0.1:1/' })).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });
});

it('knows a taken port from a free one, also through the wildcard address', async () => {
  const port = await serve(() => undefined);
  expect(await host.isPortFree('127.0.0.1', port)).toBe(false);
  expect(await host.isPortFree('0.0.0.0', port)).toBe(false);
  expect(await host.isPortFree('127.0.0.2', port)).toBe(true);
});

it('wakes a sleeper with the reason of the abort', async () => {
  const controller = new AbortController();
  const sleep = host.clock.sleep(60_000, controller.signal);
  controller.abort(new Error('enough'));
  await expect(sleep).rejects.toThrow('enough');
});

it('refuses to ask where nobody can answer', async ({ skip }) => {
  skip(process.stdin.isTTY === true, 'stdin is a terminal here');
  await expect(host.prompt.confirm({ message: 'sure?' })).rejects.toThrow('stdin is not a terminal');
});

describe('Ctrl-C', () => {
  const program = `
    import { createInterruptController } from ${JSON.stringify(path.resolve('src/host/interrupt.ts'))};
    const { signal } = createInterruptController(process);
    // The echo comes from the process itself: whoever else sends it may be late on a machine with much to do.
    signal.addEventListener('abort', () => {
      process.stdout.write('aborted\\n');
      process.kill(process.pid, 'SIGINT');
    });
    setInterval(() => undefined, 1000);
    process.stdout.write('ready\\n');`;

  async function start() {
    const { build } = await import('esbuild');
    const file = path.join(await createTestDir(), 'program.mjs');
    await build({
      stdin: { contents: program, resolveDir: process.cwd() },
      bundle: true,
      platform: 'node',
      format: 'esm',
      outfile: file,
    });
    const child = spawn(process.execPath, [file], { stdio: ['ignore', 'pipe', 'inherit'] });
    onTestFinished(() => void child.kill('SIGKILL'));
    await once(child.stdout, 'data');
    return child;
  }

  it('aborts first, ignores its echo, and ends the process the second time', async () => {
    const child = await start();
    child.kill('SIGINT');
    expect(String((await once(child.stdout, 'data'))[0])).toBe('aborted\n');
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(child.signalCode).toBeNull();
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([null, 'SIGINT']);
  });
});
