/** Brings a file from a mirror or a local directory to a place on disk, unread and unjudged. */
import { CancelledError, EnvironmentError, systemReason } from '../../../errors.ts';
import type { Host, HttpResponse } from '../../../host/host.ts';
import { runTool } from '../run-tool.ts';
import { shownLocation } from './shown-location.ts';

export interface FetchRequest {
  /** `https://…` or an absolute path. */
  readonly location: string;
  /** Null: the answer is the text. */
  readonly toFile: string | null;
  readonly maxBytes: number;
}

const TIMEOUT_MS = 15 * 60 * 1000;
const MAX_REDIRECTS = 5;
const HINT =
  "check the address and this machine's network, or put the release in a local directory and write its path as `native.programs.<component>.archive`";

const LOCAL_HINT =
  'put it there under that name, or correct `native.archives` or `native.programs.<component>.archive` in the spec';

function fetchError(location: string, reason: string, cause?: unknown): EnvironmentError {
  return new EnvironmentError(`cannot fetch ${shownLocation(location)}: ${reason}`, {
    code: 'program-fetch',
    hint: URL.canParse(location) ? HINT : LOCAL_HINT,
    ...(cause !== undefined && { cause }),
  });
}

async function ask(
  host: Pick<Host, 'http'>,
  url: string,
  { toFile, maxBytes }: FetchRequest,
  signal: AbortSignal,
): Promise<HttpResponse> {
  try {
    const file = toFile === null ? {} : { toFile };
    return await host.http({ url, maxBytes, signal, timeoutMs: TIMEOUT_MS, ...file });
  } catch (cause) {
    if (signal.aborted) throw new CancelledError();
    const { code } = cause as NodeJS.ErrnoException;
    // Without the cause: the error of a request may hold its URL, and with it a password.
    throw fetchError(url, code === 'ETOOBIG' ? `it is larger than ${maxBytes} bytes` : systemReason(cause));
  }
}

/** Where a redirect leads; it must not leave https. */
function redirectTarget(url: string, response: HttpResponse): string | null {
  const target = response.headers.location;
  if (response.status < 300 || response.status > 399 || target === undefined) return null;
  const next = new URL(target, url);
  if (new URL(url).protocol === 'https:' && next.protocol !== 'https:')
    throw fetchError(url, 'it redirects to a place without https');
  return next.href;
}

async function fetchUrl(
  host: Pick<Host, 'http'>,
  request: FetchRequest,
  signal: AbortSignal,
): Promise<string> {
  let url = request.location;
  for (let i = 0; i <= MAX_REDIRECTS; i += 1) {
    const response = await ask(host, url, request, signal);
    const next = redirectTarget(url, response);
    if (next === null) {
      if (response.status === 200) return response.body;
      throw fetchError(url, `the answer is HTTP ${response.status}`);
    }
    url = next;
  }
  throw fetchError(request.location, 'it redirects too often');
}

/** The text when `toFile` is null, else empty. Rejects with EnvironmentError, which shows no password. */
export async function fetchFile(
  host: Pick<Host, 'http' | 'fs' | 'exec'>,
  request: FetchRequest,
  signal: AbortSignal,
): Promise<string> {
  const { location, toFile } = request;
  if (URL.canParse(location)) return fetchUrl(host, request, signal);
  try {
    if (toFile === null) return await host.fs.readText(location);
    await host.fs.realPath(location);
  } catch (cause) {
    throw fetchError(location, systemReason(cause), cause);
  }
  const args = ['--', location, toFile];
  const tool = { action: `fetch ${location}`, file: 'cp', args, hint: HINT, code: 'program-fetch' };
  await runTool(host, tool, { signal });
  return '';
}
