/** Which Debian mirror this machine's apt uses, read from its own sources. Pure text work. */

export interface AptSource {
  readonly uri: string;
  readonly suites: readonly string[];
  readonly components: readonly string[];
  /** Path of a keyring, when the source names one. */
  readonly signedBy: string | null;
}

const DEFAULT_MIRROR = 'http://deb.debian.org/debian';

function words(text: string | undefined): readonly string[] {
  return (text ?? '').split(/\s+/).filter((word) => word !== '');
}

function keyringPath(text: string | undefined): string | null {
  const [first] = words(text);
  return first?.startsWith('/') === true ? first : null;
}

/** One-line style: `deb [signed-by=/k.gpg] http://mirror/debian bookworm main`. */
export function parseSourcesList(text: string): readonly AptSource[] {
  return text.split('\n').flatMap((line) => {
    const match = /^\s*deb\s+(?:\[([^\]]*)\]\s*)?(\S+)\s+(\S+)([^#]*)/.exec(line);
    if (match === null) return [];
    const [, options = '', uri = '', suite = '', components = ''] = match;
    const signedBy = /(?:^|\s)signed-by=(\S+)/i.exec(options)?.[1];
    return [{ uri, suites: [suite], components: words(components), signedBy: keyringPath(signedBy) }];
  });
}

function parseStanza(stanza: string): readonly AptSource[] {
  const fields = new Map<string, string>();
  let current = '';
  for (const line of stanza.split('\n').filter((text) => !text.startsWith('#'))) {
    const field = /^([A-Za-z-]+):(.*)$/.exec(line);
    if (field !== null) current = (field[1] ?? '').toLowerCase();
    fields.set(current, `${fields.get(current) ?? ''} ${field === null ? line : field[2]}`.trim());
  }
  const isUsed =
    words(fields.get('types')).includes('deb') && !/^(no|false)$/i.test(fields.get('enabled') ?? 'yes');
  if (!isUsed) return [];
  return words(fields.get('uris')).map((uri) => ({
    uri,
    suites: words(fields.get('suites')),
    components: words(fields.get('components')),
    signedBy: keyringPath(fields.get('signed-by')),
  }));
}

/** deb822 style: stanzas of `Types:`, `URIs:`, `Suites:`, ... */
export function parseDeb822Sources(text: string): readonly AptSource[] {
  return text
    .replaceAll('\r', '')
    .split(/\n\s*\n/)
    .flatMap(parseStanza);
}

/** `VERSION_CODENAME` and the like from /etc/os-release. */
export function parseOsRelease(text: string): ReadonlyMap<string, string> {
  const pairs = text.split('\n').map((line) => /^([A-Z_]+)="?([^"]*)"?$/.exec(line));
  return new Map(pairs.flatMap((pair) => (pair === null ? [] : [[pair[1] ?? '', pair[2] ?? ''] as const])));
}

/**
 * The mirror to take forky from: on a Debian machine the one that its own release comes from, elsewhere Debian's default.
 * Security and update suites are no full mirrors and do not count.
 */
export function chooseMirror(
  sources: readonly AptSource[],
  osRelease: ReadonlyMap<string, string>,
): { readonly uri: string; readonly signedBy: string | null } {
  const fallback = { uri: DEFAULT_MIRROR, signedBy: null };
  if (osRelease.get('ID') !== 'debian') return fallback;
  const names = new Set([osRelease.get('VERSION_CODENAME'), 'stable', 'testing', 'unstable', 'sid', 'forky']);
  const own = sources.find(
    (source) =>
      !source.uri.startsWith('cdrom:') &&
      source.components.includes('main') &&
      source.suites.some((suite) => names.has(suite)),
  );
  return own === undefined ? fallback : { uri: own.uri.replace(/\/$/, ''), signedBy: own.signedBy };
}
