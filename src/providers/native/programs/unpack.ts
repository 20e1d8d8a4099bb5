/** Unpacks a verified release archive with the system's tar, and refuses one that is no plain tree of files. */
import path from 'node:path';
import { EnvironmentError } from '../../../errors.ts';
import type { Host } from '../../../host/host.ts';
import { runTool } from '../run-tool.ts';

export interface UnpackRequest {
  readonly archive: string;
  /** Empty directory. */
  readonly target: string;
  /** How the archive is called in messages. */
  readonly name: string;
}

const HINT = 'take the archive that upstream publishes for Linux; .tar.xz needs the package xz-utils';

function refuse(name: string, what: string): EnvironmentError {
  return new EnvironmentError(`${name} ${what}`, { code: 'program-archive', hint: HINT });
}

/** Names as tar lists them: all below one directory, none that leads out of it. */
export function findBadName(names: readonly string[]): string | null {
  const clean = (name: string) => name.replace(/^(\.\/)+/, '');
  const top = clean(names[0] ?? '').split('/')[0] ?? '';
  const isBad = (name: string) => name.startsWith('/') || name.split('/').includes('..');
  const isElsewhere = (name: string) => clean(name) !== '' && clean(name).split('/')[0] !== top;
  return names.find((name) => isBad(name) || (top !== '' && isElsewhere(name))) ?? null;
}

/** Symbolic links of a tree (`path<TAB>target`, paths absolute) that lead out of it. */
export function findBadLink(listing: string, root: string): string | null {
  const pairs = listing.split('\n').filter((line) => line !== '');
  const leaves = (line: string) => {
    const [from = '', to = ''] = line.split('\t');
    const target = path.posix.resolve(path.posix.dirname(from), to);
    return to.startsWith('/') || !target.startsWith(`${root}/`);
  };
  return pairs.find(leaves) ?? null;
}

/** Rejects with EnvironmentError; what was unpacked until then stays in `target`. */
export async function unpackArchive(
  host: Pick<Host, 'exec'>,
  { archive, target, name }: UnpackRequest,
  signal: AbortSignal,
): Promise<void> {
  const tool = { action: `unpack ${name}`, hint: HINT, code: 'program-install' };
  const run = (file: string, ...args: readonly string[]) =>
    runTool(host, { ...tool, file, args }, { signal });
  const listed = await run('tar', '--list', '--quoting-style=escape', '--file', archive);
  const bad = findBadName(listed.split('\n').filter((line) => line !== ''));
  if (bad !== null) throw refuse(name, `has an entry outside its directory: ${bad.slice(0, 200)}`);
  const options = ['--no-same-owner', '--strip-components=1', '--directory', target] as const;
  await run('tar', '--extract', ...options, '--file', archive);
  const special = await run(
    'find',
    target,
    '!',
    '-type',
    'd',
    '!',
    '-type',
    'l',
    '(',
    '!',
    '-type',
    'f',
    '-o',
    '-links',
    '+1',
    ')',
    '-print',
  );
  if (special !== '') throw refuse(name, 'holds a device, a pipe or a hard link');
  const link = findBadLink(await run('find', target, '-type', 'l', '-printf', '%p\\t%l\\n'), target);
  if (link !== null) throw refuse(name, `has a link that leads out of it: ${link.replace('\t', ' -> ')}`);
  await run('chmod', '--recursive', 'u+rwX,go+rX,go-w,a-st', target);
}
