/** Decides, from plain values, where the Docker daemon is: the order and the meaning of addresses. Reads nothing itself. */
import { EnvironmentError } from '../../errors.ts';

/** Key pair and authority (PEM) of a daemon behind TLS. */
export interface EndpointTls {
  readonly ca: string | null;
  readonly cert: string | null;
  readonly key: string | null;
  readonly isVerified: boolean;
}

export type EndpointAddress =
  | { readonly kind: 'socket'; readonly path: string }
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number };

/** A daemon's address and how pgmon came to it, e.g. `DOCKER_HOST` or `context colima`. */
export interface Endpoint {
  readonly address: EndpointAddress;
  readonly tls: EndpointTls | null;
  readonly source: string;
}

export type EndpointChoice =
  | { readonly kind: 'url'; readonly url: string; readonly source: string }
  | { readonly kind: 'context'; readonly name: string; readonly source: string }
  /** Nothing was said: look at the usual sockets. */
  | { readonly kind: 'default' };

type Env = Readonly<Record<string, string | undefined>>;

/** The docker CLI's own order: DOCKER_HOST, then DOCKER_CONTEXT, then `currentContext` of the configuration. */
export function chooseEndpoint(env: Env, currentContext: string | null): EndpointChoice {
  const url = env.DOCKER_HOST ?? '';
  if (url !== '') return { kind: 'url', url, source: 'DOCKER_HOST' };
  const fromEnv = env.DOCKER_CONTEXT ?? '';
  if (fromEnv === 'default') return { kind: 'default' };
  if (fromEnv !== '') return { kind: 'context', name: fromEnv, source: 'DOCKER_CONTEXT' };
  if (currentContext === null || currentContext === '' || currentContext === 'default')
    return { kind: 'default' };
  return { kind: 'context', name: currentContext, source: 'currentContext of the Docker configuration' };
}

function badAddress(url: string, source: string, cause?: unknown): EnvironmentError {
  return new EnvironmentError(`cannot use the Docker address ${JSON.stringify(url)} from ${source}`, {
    code: 'docker-address',
    hint: 'use unix:///path/to/docker.sock or tcp://host:2375; `docker context ls` lists known daemons',
    cause,
  });
}

function sshRefused(url: string, source: string): EnvironmentError {
  return new EnvironmentError(
    `the Docker daemon ${url} (from ${source}) is behind ssh, which pgmon does not speak; it would not see the rendered files either`,
    {
      code: 'docker-ssh',
      hint: 'run pgmon on that machine, or for a look forward its socket: `ssh -nNT -L /tmp/docker.sock:/var/run/docker.sock HOST`, then DOCKER_HOST=unix:///tmp/docker.sock',
    },
  );
}

/** `unix://`, `tcp://`, `http(s)://` or a bare `host:port` as an address; `isTls` = the scheme asks for TLS by itself. */
export function parseEndpointUrl(
  url: string,
  source: string,
): { readonly address: EndpointAddress; readonly isTls: boolean } {
  if (url.startsWith('ssh://')) throw sshRefused(url.replace(/\/\/[^@/]*@/, '//'), source);
  if (url.startsWith('unix://')) {
    const path = url.slice('unix://'.length) || '/var/run/docker.sock';
    return { address: { kind: 'socket', path }, isTls: false };
  }
  if (url.startsWith('npipe://')) {
    return { address: { kind: 'socket', path: url.slice('npipe://'.length) }, isTls: false };
  }
  const withScheme = url.includes('://') ? url : `tcp://${url}`;
  const { protocol, hostname, port } = parseUrl(withScheme, source);
  if (!['tcp:', 'http:', 'https:'].includes(protocol) || hostname === '') throw badAddress(url, source);
  const isTls = protocol === 'https:';
  return {
    address: { kind: 'tcp', host: hostname, port: port === '' ? (isTls ? 2376 : 2375) : Number(port) },
    isTls,
  };
}

function parseUrl(text: string, source: string): URL {
  try {
    return new URL(text);
  } catch (cause) {
    throw badAddress(text, source, cause);
  }
}

/** Sockets worth a look when nothing names a daemon, best first. */
export function candidateSockets(env: Env, homeDir: string, uid: number | null): readonly string[] {
  const runtimeDir = env.XDG_RUNTIME_DIR ?? (uid === null ? null : `/run/user/${uid}`);
  return [
    '/var/run/docker.sock',
    ...(runtimeDir === null ? [] : [`${runtimeDir}/docker.sock`]),
    `${homeDir}/.docker/run/docker.sock`,
    `${homeDir}/.colima/default/docker.sock`,
    `${homeDir}/.rd/docker.sock`,
    ...(runtimeDir === null ? [] : [`${runtimeDir}/podman/podman.sock`]),
    '/run/podman/podman.sock',
  ];
}

/** `unix:///var/run/docker.sock`, `tcp://10.0.0.5:2376`. */
export function formatAddress(address: EndpointAddress): string {
  return address.kind === 'socket' ? `unix://${address.path}` : `tcp://${address.host}:${address.port}`;
}
