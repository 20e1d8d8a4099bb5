/** Finds the daemon on this machine: reads the Docker configuration, contexts and TLS files, and looks which sockets exist. */
import { createHash } from 'node:crypto';
import path from 'node:path';
import { EnvironmentError } from '../../errors.ts';
import type { Host } from '../../host/host.ts';
import { dockerConfigDir, isRecord, readDockerConfig, textOf } from './docker-config.ts';
import type { Endpoint, EndpointTls } from './endpoint.ts';
import { candidateSockets, chooseEndpoint, parseEndpointUrl } from './endpoint.ts';

type HostView = Pick<Host, 'env' | 'homeDir' | 'fs' | 'uid'>;

async function readTls(host: HostView, dir: string, isVerified: boolean): Promise<EndpointTls | null> {
  const [ca = null, cert = null, key = null] = await Promise.all(
    ['ca.pem', 'cert.pem', 'key.pem'].map((name) => host.fs.readTextIfExists(path.join(dir, name))),
  );
  return ca === null && cert === null && key === null ? null : { ca, cert, key, isVerified };
}

async function fromUrl(host: HostView, url: string, source: string): Promise<Endpoint> {
  const { address, isTls } = parseEndpointUrl(url, source);
  const isVerified = (host.env.DOCKER_TLS_VERIFY ?? '') !== '';
  if (address.kind === 'socket' || !(isVerified || isTls)) return { address, tls: null, source };
  const named = host.env.DOCKER_CERT_PATH ?? '';
  const dir = named === '' ? dockerConfigDir(host) : named;
  const tls = await readTls(host, dir, true);
  if (tls === null && isVerified) {
    throw new EnvironmentError(
      `DOCKER_TLS_VERIFY is set, but there is no ca.pem, cert.pem or key.pem in ${dir}`,
      {
        code: 'docker-tls',
        hint: 'set DOCKER_CERT_PATH to the directory that holds them',
      },
    );
  }
  return { address, tls: tls ?? { ca: null, cert: null, key: null, isVerified: true }, source };
}

function parseMeta(text: string | null): { readonly url: string; readonly skipVerify: boolean } | null {
  if (text === null) return null;
  try {
    const meta: unknown = JSON.parse(text);
    const endpoints = isRecord(meta) ? meta.Endpoints : null;
    const docker = isRecord(endpoints) ? endpoints.docker : null;
    const url = isRecord(docker) ? textOf(docker.Host) : null;
    return url === null || !isRecord(docker) ? null : { url, skipVerify: docker.SkipTLSVerify === true };
  } catch {
    return null;
  }
}

async function fromContext(host: HostView, name: string, source: string): Promise<Endpoint> {
  const id = createHash('sha256').update(name).digest('hex');
  const contexts = path.join(dockerConfigDir(host), 'contexts');
  const file = path.join(contexts, 'meta', id, 'meta.json');
  const meta = parseMeta(await host.fs.readTextIfExists(file));
  if (meta === null) {
    throw new EnvironmentError(
      `the Docker context ${JSON.stringify(name)} (from ${source}) does not exist or names no daemon`,
      {
        code: 'docker-context',
        hint: '`docker context ls` lists the contexts, `docker context use default` goes back to the usual daemon',
      },
    );
  }
  const { address, isTls } = parseEndpointUrl(meta.url, `context ${name}`);
  const files =
    address.kind === 'tcp'
      ? await readTls(host, path.join(contexts, 'tls', id, 'docker'), !meta.skipVerify)
      : null;
  const tls = files ?? (isTls ? { ca: null, cert: null, key: null, isVerified: !meta.skipVerify } : null);
  return { address, tls, source: `context ${name}` };
}

async function existing(host: HostView, sockets: readonly string[]): Promise<readonly string[]> {
  const present = await Promise.all(
    sockets.map(async (file) => (await host.fs.stat(file).catch(() => null)) !== null),
  );
  return sockets.filter((_, index) => present[index]);
}

function noDaemon(tried: readonly string[]): EnvironmentError {
  return new EnvironmentError(`no Docker daemon found; looked for ${tried.join(', ')}`, {
    code: 'docker-unreachable',
    hint: 'start one (`sudo systemctl start docker`), or name it in DOCKER_HOST; `docker context ls` lists known daemons',
  });
}

/** The daemons to try, best first, never none. More than one only when nothing names a daemon and several sockets exist. */
export async function findEndpoints(host: HostView): Promise<readonly [Endpoint, ...Endpoint[]]> {
  const named = (host.env.DOCKER_HOST ?? '') !== '' || (host.env.DOCKER_CONTEXT ?? '') !== '';
  const choice = chooseEndpoint(host.env, named ? null : (await readDockerConfig(host)).currentContext);
  if (choice.kind === 'url') return [await fromUrl(host, choice.url, choice.source)];
  if (choice.kind === 'context') return [await fromContext(host, choice.name, choice.source)];
  const candidates = candidateSockets(host.env, host.homeDir, host.uid);
  const [first, ...others] = (await existing(host, candidates)).map(
    (file): Endpoint => ({ address: { kind: 'socket', path: file }, tls: null, source: 'the usual sockets' }),
  );
  if (first === undefined) throw noDaemon(candidates);
  return [first, ...others];
}
