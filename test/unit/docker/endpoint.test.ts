import { describe, expect, test } from 'vitest';
import {
  candidateSockets,
  chooseEndpoint,
  parseEndpointUrl,
} from '../../../src/providers/docker/endpoint.ts';

describe('which daemon', () => {
  test('DOCKER_HOST wins over DOCKER_CONTEXT and the configuration', () => {
    const env = { DOCKER_HOST: 'unix:///a.sock', DOCKER_CONTEXT: 'b' };
    expect(chooseEndpoint(env, 'c')).toEqual({ kind: 'url', url: 'unix:///a.sock', source: 'DOCKER_HOST' });
  });

  test('DOCKER_CONTEXT wins over the configuration, and its default ignores it', () => {
    expect(chooseEndpoint({ DOCKER_CONTEXT: 'b' }, 'c')).toMatchObject({ kind: 'context', name: 'b' });
    expect(chooseEndpoint({ DOCKER_CONTEXT: 'default' }, 'c')).toEqual({ kind: 'default' });
  });

  test('empty variables count as not set', () => {
    expect(chooseEndpoint({ DOCKER_HOST: '', DOCKER_CONTEXT: '' }, 'c')).toMatchObject({
      kind: 'context',
      name: 'c',
    });
    expect(chooseEndpoint({ DOCKER_HOST: '', DOCKER_CONTEXT: '' }, '')).toEqual({ kind: 'default' });
    expect(chooseEndpoint({}, 'default')).toEqual({ kind: 'default' });
  });
});

describe('an address', () => {
  test.each([
    ['unix:///run/x.sock', { kind: 'socket', path: '/run/x.sock' }, false],
    ['unix://', { kind: 'socket', path: '/var/run/docker.sock' }, false],
    ['tcp://10.0.0.5:2376', { kind: 'tcp', host: '10.0.0.5', port: 2376 }, false],
    ['tcp://docker', { kind: 'tcp', host: 'docker', port: 2375 }, false],
    ['10.0.0.5:2375', { kind: 'tcp', host: '10.0.0.5', port: 2375 }, false],
    ['tcp://[::1]:2375', { kind: 'tcp', host: '[::1]', port: 2375 }, false],
    ['https://docker', { kind: 'tcp', host: 'docker', port: 2376 }, true],
  ])('%s is understood', (url, address, isTls) => {
    expect(parseEndpointUrl(url, 'DOCKER_HOST')).toEqual({ address, isTls });
  });

  test.each(['tcp://', 'ftp://x', 'tcp://a:b:c'])('%s is refused with its source', (url) => {
    expect(() => parseEndpointUrl(url, 'DOCKER_HOST')).toThrow(
      expect.objectContaining({ code: 'docker-address', message: expect.stringContaining('DOCKER_HOST') }),
    );
  });

  test('ssh is refused with a tunnel as the way out, and the user name is left out', () => {
    const parse = () => parseEndpointUrl('ssh://admin@db1.example.com', 'context prod');
    expect(parse).toThrow(
      expect.objectContaining({ code: 'docker-ssh', hint: expect.stringContaining('ssh -nNT -L') }),
    );
    expect(parse).not.toThrow(/admin/);
  });
});

test('the usual sockets begin with the system one and end with Podman', () => {
  expect(candidateSockets({}, '/home/u', 1000)).toEqual([
    '/var/run/docker.sock',
    '/run/user/1000/docker.sock',
    '/home/u/.docker/run/docker.sock',
    '/home/u/.colima/default/docker.sock',
    '/home/u/.rd/docker.sock',
    '/run/user/1000/podman/podman.sock',
    '/run/podman/podman.sock',
  ]);
  expect(candidateSockets({ XDG_RUNTIME_DIR: '/tmp/run' }, '/home/u', null)).toContain(
    '/tmp/run/docker.sock',
  );
});
