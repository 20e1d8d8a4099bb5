/** What `import` is asked to bring: a dashboard of grafana.com by id, an address, or a file; and its text as it came. */
import path from 'node:path';
import { EnvironmentError, systemReason, UsageError } from '../errors.ts';
import type { Host } from '../host/host.ts';
import {
  type Downloading,
  downloadRevision,
  downloadUrl,
  latestRevision,
  sha256,
  shownUrl,
} from './download.ts';

export type ImportSource =
  | { readonly kind: 'id'; readonly id: number; readonly revision: number | null }
  | {
      readonly kind: 'url';
      readonly url: string;
      readonly id: number | null;
      readonly revision: number | null;
    }
  | {
      readonly kind: 'file';
      readonly file: string;
      readonly id: number | null;
      readonly revision: number | null;
    };

export interface Fetched {
  /** For messages: `dashboard 9628 revision 7`. */
  readonly what: string;
  /** For the lock file; holds no secret and no path of this machine. */
  readonly source: string;
  readonly id: number | null;
  readonly revision: number | null;
  readonly text: string;
  readonly sha256: string;
}

export interface Fetching extends Downloading {
  readonly host: Pick<Host, 'http' | 'fs' | 'cwd'>;
  /** Who is asked for dashboards by id. */
  readonly base: string;
}

/** As grafana.com names a download: `9628_rev7.json`. */
const DOWNLOADED = /^([1-9]\d{0,8})_rev([1-9]\d{0,8})\.json$/;

/** The page of a dashboard that people copy the address of, and its download. */
const PAGE =
  /^https?:\/\/(?:www\.)?grafana\.com\/(?:grafana|api)\/dashboards\/([1-9]\d{0,8})\b(?:\/revisions\/([1-9]\d{0,8})\b)?/i;

const numberOf = (text: string | undefined) => (text === undefined ? null : Number(text));

/** Throws UsageError, without repeating a word that may hold a password. */
function checkAddress(word: string): void {
  const hint = 'name an address such as https://git.example.com/boards/orders.json, or a file';
  if (!/^https?:\/\//i.test(word))
    throw new UsageError(`addresses begin with https:// or http://, not ${word.split('//')[0]}//`, { hint });
  if (!URL.canParse(word)) throw new UsageError('what begins with http is not an address', { hint });
  const { username, password } = new URL(word);
  if (username !== '' || password !== '')
    throw new UsageError('the address must not hold a user or a password', {
      hint: 'download the file by other means and import it',
    });
}

/** A word of the command line; throws UsageError for what is no address, or one with a password in it. */
export function parseSource(word: string): ImportSource {
  if (word.trim() === '')
    throw new UsageError('an empty word names no dashboard', {
      hint: 'name an id of grafana.com such as 9628, an address, or a file',
    });
  if (/^[1-9]\d{0,8}$/.test(word)) return { kind: 'id', id: Number(word), revision: null };
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(word)) {
    checkAddress(word);
    const [, id, revision] = PAGE.exec(word) ?? [];
    if (id !== undefined) return { kind: 'id', id: Number(id), revision: numberOf(revision) };
    return { kind: 'url', url: word, id: null, revision: null };
  }
  const [, id, revision] = DOWNLOADED.exec(path.basename(word)) ?? [];
  return { kind: 'file', file: word, id: numberOf(id), revision: numberOf(revision) };
}

async function readFile({ host }: Fetching, file: string): Promise<string> {
  try {
    return await host.fs.readText(path.resolve(host.cwd, file));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT')
      throw new UsageError(`there is no file ${file}`, {
        hint: 'name an id of grafana.com such as 9628, an address, or a file',
        cause,
      });
    throw new EnvironmentError(`cannot read ${file}: ${systemReason(cause)}`, {
      code: 'file-access',
      hint: 'name a file that this user may read',
      cause,
    });
  }
}

/** Rejects with UsageError (no such file) or EnvironmentError (nobody answers, or not with a dashboard). */
export async function fetchSource(context: Fetching, source: ImportSource): Promise<Fetched> {
  const done = (text: string, rest: Omit<Fetched, 'text' | 'sha256'>): Fetched => ({
    ...rest,
    text,
    sha256: sha256(text),
  });
  switch (source.kind) {
    case 'id': {
      const { id } = source;
      const revision = source.revision ?? (await latestRevision(context, context.base, id));
      const text = await downloadRevision(context, context.base, { id, revision });
      return done(text, {
        what: `dashboard ${id} revision ${revision}`,
        source: shownUrl(context.base).replace(/\/$/, ''),
        id,
        revision,
      });
    }
    case 'url': {
      const { url, id, revision } = source;
      const shown = shownUrl(url);
      return done(await downloadUrl(context, url), { what: shown, source: shown, id, revision });
    }
    case 'file': {
      const { file, id, revision } = source;
      return done(await readFile(context, file), { what: file, source: path.basename(file), id, revision });
    }
  }
}
