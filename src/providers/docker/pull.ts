/** Pulls one image: credentials, the daemon's stream of records, and the proof that the image is there. */
import { PgmonError } from '../../errors.ts';
import type { Host } from '../../host/host.ts';
import type { PullProgress } from '../provider.ts';
import type { Connection } from './connection.ts';
import { orNull } from './connection.ts';
import { isRecord, textOf } from './docker-config.ts';
import { daemonMessage, toProviderError } from './errors.ts';
import { readNdjson } from './ndjson.ts';
import { cutOffError, pullError } from './pull-errors.ts';
import { createPullProgress } from './pull-progress.ts';
import { findRegistryAuth, type RegistryAuth } from './registry-auth.ts';

type PullHost = Pick<Host, 'env' | 'homeDir' | 'fs' | 'exec'>;

export interface PullOptions {
  readonly onProgress: (progress: PullProgress) => void;
  readonly signal: AbortSignal;
}

function errorOf(record: Readonly<Record<string, unknown>>): string | null {
  const detail = isRecord(record.errorDetail) ? textOf(record.errorDetail.message) : null;
  return detail ?? textOf(record.error);
}

async function readRecords(
  stream: AsyncIterable<Uint8Array>,
  reference: string,
  onProgress: (progress: PullProgress) => void,
): Promise<string | null> {
  const progressOf = createPullProgress(reference);
  for await (const record of readNdjson(stream)) {
    if (!isRecord(record)) continue;
    const failure = errorOf(record);
    if (failure !== null) return failure;
    const progress = progressOf(record);
    if (progress !== null) onProgress(progress);
  }
  return null;
}

/** Failures of the daemon itself; those of the registry and the network are told by their sentence. */
const DAEMON_CODES = new Set(['interrupted', 'docker-unreachable', 'docker-permission']);

/** The daemon answers as soon as it begins; the layers come in the stream. dockerode takes what it is given apart: fresh objects. */
async function openPull(
  { docker }: Connection,
  reference: string,
  auth: RegistryAuth | null,
  signal: AbortSignal,
): Promise<AsyncIterable<Uint8Array>> {
  signal.throwIfAborted();
  const options = { abortSignal: signal, ...(auth !== null && { authconfig: { ...auth } }) };
  const stream: NodeJS.ReadableStream = await docker.pull(reference, options);
  return stream as AsyncIterable<Buffer>;
}

/** `registry:5000/name:tag@sha256:…` in its parts. */
function splitReference(reference: string) {
  const [name = '', digest = null] = reference.split('@');
  const colon = name.indexOf(':', name.lastIndexOf('/') + 1);
  return colon === -1
    ? { repository: name, tag: null, digest }
    : { repository: name.slice(0, colon), tag: name.slice(colon + 1), digest };
}

/** Resolves only when the image is on this machine. Rejects with EnvironmentError, or CancelledError when aborted. */
export async function pullImage(
  connection: Connection,
  host: PullHost,
  reference: string,
  { onProgress, signal }: PullOptions,
): Promise<void> {
  const { docker, endpoint, call } = connection;
  const { auth, problem } = await findRegistryAuth(host, reference, signal);
  const stream = await openPull(connection, reference, auth, signal).catch((cause: unknown) => {
    const error = toProviderError(cause, { action: `pull ${reference}`, endpoint, signal });
    throw DAEMON_CODES.has(error.code) ? error : pullError(reference, daemonMessage(cause), problem, cause);
  });
  const failure = await readRecords(stream, reference, onProgress).catch((cause: unknown) => {
    if (signal.aborted || cause instanceof PgmonError) {
      throw toProviderError(cause, { action: `pull ${reference}`, endpoint, signal });
    }
    throw cutOffError(reference, cause);
  });
  if (failure !== null) throw pullError(reference, failure, problem);
  // A stream that ends early but cleanly looks like success: only the image itself proves it.
  const { repository, tag, digest } = splitReference(reference);
  const found = docker.getImage(digest === null ? reference : `${repository}@${digest}`);
  const image = await call(`look for ${reference}`, signal, () => orNull(found.inspect()));
  if (image === null) throw cutOffError(reference);
  // Pulled by digest, an image gets no tag; the stack asks for it by one.
  if (digest !== null && tag !== null) {
    await call(`tag ${reference}`, signal, () => found.tag({ repo: repository, tag }));
  }
}
