/** What stands on a test machine's disk, to compare before and after: type, mode, owner, content. */

/** What changes by itself, or holds what others write; the rest must not change. */
const VOLATILE = [
  '/etc/.pwd.lock',
  // Copies that the tools for users keep of the state before.
  '/etc/group-',
  '/etc/gshadow-',
  '/etc/passwd-',
  '/etc/shadow-',
  // Docker's, another address after each start.
  '/etc/hosts',
  '/etc/resolv.conf',
  '/run/dbus',
  '/run/lock',
  '/run/log',
  '/run/postgresql',
  '/run/systemd',
  '/run/udev',
  '/run/user',
  '/run/utmp',
  // Debian's nightly copy of what dpkg knows.
  '/var/backups',
  // What apt, debconf and ldconfig keep for themselves.
  '/var/cache/apt',
  '/var/cache/debconf',
  '/var/cache/ldconfig',
  '/var/lib/apt',
  '/var/lib/dpkg',
  '/var/lib/postgresql',
  '/var/lib/systemd',
  '/var/log',
  '/var/tmp',
];

const PRUNED = VOLATILE.map((file) => `-path ${file}`).join(' -o ');

/**
 * Sizes of directories and dates say nothing; files of /etc by their content, the many others by size and date. A file that
 * a running service removes meanwhile is no error.
 */
export const LISTING_SCRIPT = `
set -euo pipefail
{
  find /etc /opt /usr /var /run -ignore_readdir_race -xdev \\( ${PRUNED} \\) -prune -o \\
    \\( -type f -not -path '/etc/*' -printf '%p %M %u:%g %s %T@\\n' \\) -o \\
    -not -type f -printf '%p %M %u:%g %l\\n'
  find /etc -xdev \\( ${PRUNED} \\) -prune -o -type f -printf '%p %M %u:%g\\n'
  find /etc -xdev \\( ${PRUNED} \\) -prune -o -type f -print0 | xargs -0 sha256sum | awk '{print $2, $1}'
} | LC_ALL=C sort
`;
