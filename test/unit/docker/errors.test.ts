import { describe, expect, test } from 'vitest';
import { CancelledError, EnvironmentError } from '../../../src/errors.ts';
import type { Endpoint } from '../../../src/providers/docker/endpoint.ts';
import { toProviderError } from '../../../src/providers/docker/errors.ts';
import { pullError } from '../../../src/providers/docker/pull-errors.ts';

const SOCKET: Endpoint = {
  address: { kind: 'socket', path: '/var/run/docker.sock' },
  tls: null,
  source: 'the usual sockets',
};
const live = new AbortController().signal;

/** As docker-modem makes it. */
function answer(statusCode: number, message: string): Error {
  return Object.assign(new Error(`(HTTP code ${statusCode}) server error - ${message} `), {
    statusCode,
    json: { message },
  });
}

function convert(cause: unknown, endpoint = SOCKET, signal = live) {
  return toProviderError(cause, { action: 'start prometheus', endpoint, signal });
}

describe('what the daemon reports', () => {
  test.each([
    [
      'driver failed programming external connectivity on endpoint x (1a2b): Bind for 127.0.0.1:9090 failed: port is already allocated',
      '127.0.0.1:9090',
    ],
    [
      'driver failed programming external connectivity on endpoint x (1a2b): Error starting userland proxy: listen tcp4 127.0.0.1:9090: bind: address already in use',
      '127.0.0.1:9090',
    ],
    [
      'failed to set up container networking: driver failed programming external connectivity on endpoint x: failed to bind host port for 127.0.0.1:9090:172.18.0.2:9090/tcp: address already in use',
      '127.0.0.1:9090',
    ],
    ['Error starting userland proxy: listen tcp6 [::1]:9090: bind: address already in use', '[::1]:9090'],
  ])('a taken port is told with its address: %s', (message, address) => {
    const error = convert(answer(500, message));
    expect(error).toMatchObject({
      code: 'port-taken',
      exitCode: 4,
      message: `cannot start prometheus: ${address} is already in use`,
    });
  });

  test.each([
    [500, 'write /var/lib/docker/x: no space left on device', 'disk-full'],
    [400, 'invalid mount config for type "bind": bind source path does not exist: /x', 'mount-missing'],
    [500, 'path / is mounted on / but it is not a shared or slave mount', 'mount-propagation'],
    [404, 'No such image: prom/prometheus:v0', 'image-missing'],
    [404, 'No such container: abc', 'docker-not-found'],
    [409, 'Conflict. The container name "/x" is already in use', 'docker-conflict'],
    [403, 'error while removing network: network x has active endpoints', 'docker-conflict'],
    [500, 'something new', 'docker-failed'],
  ])('%i %s is %s', (status, message, code) => {
    const error = convert(answer(status, message));
    expect(error).toMatchObject({ code, exitCode: 4, message: `cannot start prometheus: ${message}` });
  });

  test.each(['ENOENT', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE'])(
    '%s is a daemon that cannot be reached',
    (code) => {
      expect(convert(Object.assign(new Error('x'), { code }))).toMatchObject({
        code: 'docker-unreachable',
        message: `the Docker daemon at unix:///var/run/docker.sock (from the usual sockets) does not answer: ${code}`,
        hint: expect.stringContaining('sudo systemctl start docker'),
      });
    },
  );

  test('EACCES names group, rootless and sudo', () => {
    expect(convert(Object.assign(new Error('x'), { code: 'EACCES' }))).toMatchObject({
      code: 'docker-permission',
      hint: expect.stringMatching(/group.*rootless.*sudo/),
    });
  });

  test('an aborted call is cancelled, whatever it failed with', () => {
    const cause = Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
    expect(convert(cause, SOCKET, AbortSignal.abort())).toBeInstanceOf(CancelledError);
  });

  test("pgmon's own errors pass", () => {
    const own = new EnvironmentError('x');
    expect(convert(own)).toBe(own);
  });
});

describe('a failing pull', () => {
  test.each([
    [
      'Get "https://registry.invalid/v2/": dial tcp: lookup registry.invalid on 10.0.0.1:53: no such host',
      'registry-unreachable',
    ],
    ['net/http: TLS handshake timeout', 'registry-unreachable'],
    ['manifest for prom/prometheus:v0 not found: manifest unknown: manifest unknown', 'image-not-found'],
    ['no matching manifest for linux/arm64/v8 in the manifest list entries', 'image-not-found'],
    [
      "pull access denied for x, repository does not exist or may require 'docker login': denied: requested access to the resource is denied",
      'image-unauthorized',
    ],
    [
      'Head "https://r.example/v2/x/manifests/1": unauthorized: authentication required',
      'image-unauthorized',
    ],
    ['toomanyrequests: You have reached your pull rate limit', 'registry-limit'],
    ['failed to register layer: write /x: no space left on device', 'disk-full'],
    ['something new', 'pull-failed'],
  ])('%s is %s', (message, code) => {
    const error = pullError('r.example/x:1', message, null);
    expect(error).toMatchObject({ code, exitCode: 4 });
    expect(error.message).toContain('cannot pull r.example/x:1');
    expect(error.message).toContain(message);
  });

  test.each(['no such host', 'manifest unknown', 'unauthorized', 'something new'])(
    '%s: the hint names build and load',
    (message) => {
      expect(pullError('x', message, null).hint).toMatch(/pgmon images build.*pgmon images load/);
    },
  );

  test('a refused login tells why the credentials could not be had', () => {
    const problem = 'the credential helper docker-credential-x is not installed';
    expect(pullError('r.example/x', 'unauthorized', problem)).toMatchObject({
      message: expect.stringContaining(problem),
      hint: expect.stringContaining('docker login r.example'),
    });
  });
});
