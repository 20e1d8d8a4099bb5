import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import type { HostFs } from '../../../src/host/host.ts';
import { findEndpoints } from '../../../src/providers/docker/find-endpoint.ts';

const HOME = '/home/u';

/** Files by path; a socket is a file whose content does not matter. */
function hostWith(files: Readonly<Record<string, string>>, env: Readonly<Record<string, string>> = {}) {
  const fs = {
    readTextIfExists: async (path: string) => files[path] ?? null,
    stat: async (path: string) =>
      path in files ? { kind: 'other', size: 0, mtimeMs: 0, mode: 0o660 } : null,
  } as unknown as HostFs;
  return { env, homeDir: HOME, uid: 1000, fs };
}

function contextFiles(name: string, docker: object, dir = `${HOME}/.docker`): Record<string, string> {
  const id = createHash('sha256').update(name).digest('hex');
  return { [`${dir}/contexts/meta/${id}/meta.json`]: JSON.stringify({ Name: name, Endpoints: { docker } }) };
}

test('finds the current context of the Docker configuration', async () => {
  const host = hostWith({
    [`${HOME}/.docker/config.json`]: JSON.stringify({ currentContext: 'rootless' }),
    ...contextFiles('rootless', { Host: 'unix:///run/user/1000/docker.sock' }),
  });
  expect(await findEndpoints(host)).toEqual([
    {
      address: { kind: 'socket', path: '/run/user/1000/docker.sock' },
      tls: null,
      source: 'context rootless',
    },
  ]);
});

test('honours DOCKER_CONFIG for contexts', async () => {
  const host = hostWith(contextFiles('lab', { Host: 'unix:///lab.sock' }, '/etc/lab'), {
    DOCKER_CONFIG: '/etc/lab',
    DOCKER_CONTEXT: 'lab',
  });
  expect((await findEndpoints(host))[0].address).toEqual({ kind: 'socket', path: '/lab.sock' });
});

test("reads a context's TLS files and whether to verify", async () => {
  const id = createHash('sha256').update('lab').digest('hex');
  const tlsDir = `${HOME}/.docker/contexts/tls/${id}/docker`;
  const host = hostWith(
    {
      ...contextFiles('lab', { Host: 'tcp://10.0.0.5:2376', SkipTLSVerify: true }),
      [`${tlsDir}/ca.pem`]: 'CA',
      [`${tlsDir}/cert.pem`]: 'CERT',
      [`${tlsDir}/key.pem`]: 'KEY',
    },
    { DOCKER_CONTEXT: 'lab' },
  );
  expect((await findEndpoints(host))[0].tls).toEqual({
    ca: 'CA',
    cert: 'CERT',
    key: 'KEY',
    isVerified: false,
  });
});

test('takes TLS files from DOCKER_CERT_PATH and says so when there are none', async () => {
  const env = { DOCKER_HOST: 'tcp://10.0.0.5:2376', DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: '/certs' };
  const [endpoint] = await findEndpoints(hostWith({ '/certs/ca.pem': 'CA' }, env));
  expect(endpoint.tls).toEqual({ ca: 'CA', cert: null, key: null, isVerified: true });
  await expect(findEndpoints(hostWith({}, env))).rejects.toMatchObject({
    code: 'docker-tls',
    message: expect.stringContaining('/certs'),
  });
});

test('a context that does not exist is named', async () => {
  await expect(findEndpoints(hostWith({}, { DOCKER_CONTEXT: 'gone' }))).rejects.toMatchObject({
    code: 'docker-context',
    message: expect.stringContaining('"gone" (from DOCKER_CONTEXT)'),
  });
});

test('a broken configuration is named, not guessed around', async () => {
  await expect(findEndpoints(hostWith({ [`${HOME}/.docker/config.json`]: '{"a":' }))).rejects.toMatchObject({
    code: 'docker-config',
    message: expect.stringContaining(`${HOME}/.docker/config.json`),
  });
});

test('a broken configuration does not matter when DOCKER_HOST names the daemon', async () => {
  const host = hostWith({ [`${HOME}/.docker/config.json`]: 'x' }, { DOCKER_HOST: 'unix:///a.sock' });
  expect((await findEndpoints(host))[0].source).toBe('DOCKER_HOST');
});

test('without any word, every usual socket that exists is a candidate, best first', async () => {
  const host = hostWith({ '/run/podman/podman.sock': '', '/var/run/docker.sock': '' });
  expect((await findEndpoints(host)).map(({ address }) => address)).toEqual([
    { kind: 'socket', path: '/var/run/docker.sock' },
    { kind: 'socket', path: '/run/podman/podman.sock' },
  ]);
});

test('no daemon anywhere: the error lists what was looked for and how to start one', async () => {
  await expect(findEndpoints(hostWith({}))).rejects.toMatchObject({
    code: 'docker-unreachable',
    exitCode: 4,
    message: expect.stringMatching(/\/var\/run\/docker\.sock, .*\/run\/podman\/podman\.sock$/),
    hint: expect.stringContaining('sudo systemctl start docker'),
  });
});
