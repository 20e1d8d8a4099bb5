/** Fetches dashboards from grafana.com, or whoever answers in its place, and from plain addresses. */
import { createHash } from 'node:crypto';
import { EnvironmentError } from '../errors.ts';
import type { Host, HttpResponse } from '../host/host.ts';
import { MOST_BYTES } from './parse-dashboard.ts';

export interface Downloading {
  readonly host: Pick<Host, 'http'>;
  readonly signal: AbortSignal;
}

export const GRAFANA_COM = 'https://grafana.com';
const TIMEOUT_MS = 30_000;
const MOST_REDIRECTS = 5;

/** Hexadecimal. */
export function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

/** An address without what may be secret in it. */
export function shownUrl(url: string): string {
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`;
}

const WORDS: Readonly<Record<string, string>> = {
  ENOTFOUND: 'its name cannot be resolved from here',
  EAI_AGAIN: 'its name cannot be resolved from here',
  ECONNREFUSED: 'the connection was refused',
  ENETUNREACH: 'there is no network to it from here',
  EHOSTUNREACH: 'there is no network to it from here',
  ETIMEDOUT: `there was no answer within ${TIMEOUT_MS / 1000} s`,
};

/** Also when what came was too long to be read. */
function unreachable(url: string, cause: unknown, hint: string): EnvironmentError {
  const { code = '', message } = cause as NodeJS.ErrnoException;
  if (code === 'ETOOBIG')
    return new EnvironmentError(`${shownUrl(url)} is no dashboard: ${message}`, {
      code: 'dashboard-refused',
      hint: 'correct the address',
      cause,
    });
  const words = WORDS[code] ?? (code === '' ? message : code);
  return new EnvironmentError(`cannot reach ${shownUrl(url)}: ${words}`, {
    code: 'dashboard-unreachable',
    hint,
    cause,
  });
}

/** Null where there is no redirect, or one that is not followed: to what is no web address, or from https to http. */
function nextUrl(url: string, { status, headers: { location } }: HttpResponse): string | null {
  if (![301, 302, 303, 307, 308].includes(status) || location === undefined) return null;
  if (!URL.canParse(location, url)) return null;
  const next = new URL(location, url);
  const isFollowed =
    next.protocol === 'https:' || (next.protocol === 'http:' && new URL(url).protocol === 'http:');
  return isFollowed ? next.href : null;
}

/** The last answer after redirects. Rejects with EnvironmentError (with `hint`) when nobody answers. */
async function get({ host, signal }: Downloading, url: string, hint: string): Promise<HttpResponse> {
  let at = url;
  for (let step = 0; ; step += 1) {
    const response = await host
      .http({
        url: at,
        headers: { accept: 'application/json' },
        timeoutMs: TIMEOUT_MS,
        maxBytes: MOST_BYTES,
        signal,
      })
      .catch((cause: unknown) => {
        signal.throwIfAborted();
        throw unreachable(at, cause, hint);
      });
    const next = nextUrl(at, response);
    if (next === null || step === MOST_REDIRECTS) return response;
    at = next;
  }
}

function refused(url: string, status: number, hint: string): EnvironmentError {
  return new EnvironmentError(`${shownUrl(url)} answered HTTP ${status}`, {
    code: 'dashboard-refused',
    hint,
  });
}

/** The text behind an address of the user's. */
export async function downloadUrl(context: Downloading, url: string): Promise<string> {
  const hint = `download it on a machine that reaches it, bring the file here, and run \`pgmon dashboards import FILE\``;
  const { status, body } = await get(context, url, hint);
  if (status !== 200) throw refused(url, status, 'correct the address');
  return body;
}

const offlineHint = (base: string, id: number, revision: number | null): string => {
  const page =
    revision === null
      ? `${base}/grafana/dashboards/${id}`
      : `${base}/api/dashboards/${id}/revisions/${revision}/download`;
  const name = `${id}_rev${revision ?? 'N'}.json`;
  return `download ${page} on a machine that reaches it, bring the file here as ${name}, and run \`pgmon dashboards import ${name}\``;
};

/** The newest revision of a dashboard on grafana.com. */
export async function latestRevision(context: Downloading, base: string, id: number): Promise<number> {
  const url = `${base}/api/dashboards/${id}`;
  const { status, body } = await get(context, url, offlineHint(base, id, null));
  if (status === 404) throw refused(url, status, `there is no dashboard ${id}: look for its id on ${base}`);
  if (status !== 200) throw refused(url, status, 'try again later, or name a revision with --revision');
  let revision: unknown;
  try {
    revision = (JSON.parse(body) as { readonly revision?: unknown } | null)?.revision;
  } catch {
    revision = undefined;
  }
  if (typeof revision === 'number' && Number.isInteger(revision) && revision > 0) return revision;
  throw new EnvironmentError(`${url} does not say which revision is the newest`, {
    code: 'dashboard-refused',
    hint: 'name one with --revision',
  });
}

/** One revision, as it is published. */
export async function downloadRevision(
  context: Downloading,
  base: string,
  { id, revision }: { readonly id: number; readonly revision: number },
): Promise<string> {
  const url = `${base}/api/dashboards/${id}/revisions/${revision}/download`;
  const { status, body } = await get(context, url, offlineHint(base, id, revision));
  if (status === 200) return body;
  const hint = status === 404 ? `there is no revision ${revision} of dashboard ${id}` : 'try again later';
  throw refused(url, status, hint);
}
