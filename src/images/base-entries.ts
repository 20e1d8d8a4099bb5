/** What every stand-in image has besides its packages: merged /usr, users, temporary directories, names of the C library. */
import type { OwnEntry } from './recipe.ts';

/** Programs that upstream's busybox image offers too and that healthchecks and people use. */
const BUSYBOX_PROGRAMS =
  '[ ash awk base64 basename cat chmod chown cmp cp cut date dd df diff dirname du echo ed egrep env expr false find grep gunzip gzip head hexdump hostname id ifconfig ip kill killall less ln ls md5sum mkdir mktemp more mv nc netstat nslookup nproc od paste pidof ping printf ps pwd readlink realpath rm rmdir sed seq sh sha256sum sleep sort stat strings tail tar tee telnet test time timeout top touch tr true uname uniq uptime vi watch wc wget which whoami xargs xxd yes zcat';

export const NOBODY_ID = 65534;

export function directory(
  path: string,
  options: { readonly mode?: number; readonly uid?: number } = {},
): OwnEntry {
  return { kind: 'directory', path, mode: options.mode ?? 0o755, uid: options.uid ?? 0 };
}

export function file(path: string, content: string, mode = 0o644): OwnEntry {
  return { kind: 'file', path, mode, content };
}

export function symlink(path: string, target: string): OwnEntry {
  return { kind: 'symlink', path, target };
}

/** Root directories and links, written before the packages' files. */
export const ROOT_ENTRIES: readonly OwnEntry[] = [
  ...[
    'dev',
    'etc',
    'etc/ssl',
    'etc/ssl/certs',
    'home',
    'proc',
    'run',
    'sys',
    'usr',
    'usr/bin',
    'usr/lib',
    'usr/lib64',
    'usr/sbin',
    'var',
    'var/lib',
  ].map((path) => directory(path)),
  directory('root', { mode: 0o700 }),
  directory('tmp', { mode: 0o1777 }),
  directory('var/tmp', { mode: 0o1777 }),
  ...['bin', 'lib', 'lib64', 'sbin'].map((path) => symlink(path, `usr/${path}`)),
  symlink('var/run', '/run'),
];

/** Accounts of an image; `user` is added to root and nobody. */
export function accountEntries(
  user: { readonly name: string; readonly id: number; readonly home: string } | null,
): readonly OwnEntry[] {
  const passwd = ['root:x:0:0:root:/root:/bin/sh'];
  const group = ['root:x:0:'];
  if (user !== null) {
    passwd.push(`${user.name}:x:${user.id}:${user.id}::${user.home}:/bin/bash`);
    group.push(`${user.name}:x:${user.id}:`);
  }
  passwd.push(`nobody:x:${NOBODY_ID}:${NOBODY_ID}:nobody:/home:/bin/false`);
  group.push(`nobody:x:${NOBODY_ID}:`);
  return [
    file('etc/passwd', `${passwd.join('\n')}\n`),
    file('etc/group', `${group.join('\n')}\n`),
    file('etc/nsswitch.conf', 'passwd: files\ngroup: files\nhosts: files dns\n'),
  ];
}

/** A shell and small tools by one static program. */
export const BUSYBOX_ENTRIES: readonly OwnEntry[] = BUSYBOX_PROGRAMS.split(' ').map((name) =>
  symlink(`usr/bin/${name}`, 'busybox'),
);
