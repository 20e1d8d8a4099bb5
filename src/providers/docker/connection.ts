/** A connection to the one daemon that pgmon uses: makes the client and guards every call, so that only pgmon's errors leave. */
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type DockerModem from 'docker-modem';
import Docker from 'dockerode';
import { CancelledError, EnvironmentError } from '../../errors.ts';
import type { Host } from '../../host/host.ts';
import type { Endpoint } from './endpoint.ts';
import { formatAddress } from './endpoint.ts';
import { statusOf, toProviderError, unreachableError } from './errors.ts';
import { findEndpoints } from './find-endpoint.ts';
import { wholeAnswers } from './whole-answers.ts';

/** As Node's own agent has them: connections are used again, and idle ones closed. */
const AGENT_OPTIONS = { keepAlive: true, scheduling: 'lifo', timeout: 5000 } as const;

export interface Connection {
  readonly docker: Docker;
  readonly endpoint: Endpoint;
  /** Runs one call. Rejects at once when `signal` is aborted; the request itself goes on unless `run` passes the signal. */
  call<T>(action: string, signal: AbortSignal, run: () => Promise<T>): Promise<T>;
  /** `call` for a change that must not be left half known: once sent, it is waited for even when `signal` is aborted. */
  change<T>(action: string, signal: AbortSignal, run: () => Promise<T>): Promise<T>;
}

/** Every field is given, even as undefined: docker-modem fills the absent ones from DOCKER_HOST, which then wins over `socketPath`. */
function clientOptions({ address, tls }: Endpoint): DockerModem.ConstructorOptions {
  const none = {
    socketPath: undefined,
    host: undefined,
    port: undefined,
    ca: undefined,
    cert: undefined,
    key: undefined,
  };
  const plain = {
    ...none,
    username: undefined,
    timeout: undefined,
    pathPrefix: '/',
    protocol: 'http' as const,
  };
  const http = { agent: wholeAnswers(new HttpAgent(AGENT_OPTIONS)) };
  if (address.kind === 'socket') return { ...plain, ...http, socketPath: address.path };
  const { host, port } = address;
  if (tls === null) return { ...plain, ...http, host, port };
  const { ca, cert, key, isVerified } = tls;
  const files = { ...(ca !== null && { ca }), ...(cert !== null && { cert }), ...(key !== null && { key }) };
  const agent = wholeAnswers(new HttpsAgent({ ...AGENT_OPTIONS, ...files, rejectUnauthorized: isVerified }));
  return { ...plain, host, port, protocol: 'https', agent, ...files };
}

function createClient(endpoint: Endpoint): Docker {
  try {
    return new Docker(clientOptions(endpoint) as Docker.DockerOptions);
  } catch (cause) {
    throw new EnvironmentError(`cannot use the Docker daemon at ${formatAddress(endpoint.address)}`, {
      code: 'docker-address',
      hint: 'check DOCKER_HOST, DOCKER_CERT_PATH and DOCKER_TLS_VERIFY',
      cause,
    });
  }
}

async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let stop = (): void => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(new CancelledError());
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

function createConnection(endpoint: Endpoint, docker: Docker): Connection {
  const guard = async <T>(action: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> => {
    if (signal.aborted) throw new CancelledError(`interrupted before it could ${action}`);
    try {
      return await work();
    } catch (cause) {
      throw toProviderError(cause, { action, endpoint, signal });
    }
  };
  return {
    docker,
    endpoint,
    call: (action, signal, run) => guard(action, signal, () => untilAborted(run(), signal)),
    change: guard,
  };
}

/** The first daemon that answers; its error when there is only one. */
export async function connect(host: Pick<Host, 'env' | 'homeDir' | 'fs' | 'uid'>): Promise<Connection> {
  const [first, ...others] = await findEndpoints(host);
  if (others.length === 0) return createConnection(first, createClient(first));
  const failures: EnvironmentError[] = [];
  for (const endpoint of [first, ...others]) {
    const docker = createClient(endpoint);
    const failure = await docker.ping().then(
      () => null,
      (cause: unknown) => unreachableError(cause, endpoint),
    );
    if (failure === null) return createConnection(endpoint, docker);
    failures.push(failure);
  }
  const [worst] = failures;
  throw new EnvironmentError(failures.map((failure) => failure.message).join('; '), {
    code: worst?.code ?? 'docker-unreachable',
    ...(worst?.hint !== undefined && { hint: worst.hint }),
  });
}

/** The answer, or null for "there is no such thing" (404). */
export async function orNull<T>(request: Promise<T>): Promise<T | null> {
  try {
    return await request;
  } catch (cause) {
    if (statusOf(cause) === 404) return null;
    throw cause;
  }
}

/** Resolves also when the daemon answers with one of `statuses`. */
export async function tolerate(request: Promise<unknown>, statuses: readonly number[]): Promise<void> {
  try {
    await request;
  } catch (cause) {
    if (!statuses.includes(statusOf(cause) ?? 0)) throw cause;
  }
}

/** The answer, or a rejection with `late` when it takes longer. */
export async function within<T>(request: Promise<T>, timeoutMs: number, late: Error): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(late), timeoutMs);
  });
  try {
    return await Promise.race([request, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
