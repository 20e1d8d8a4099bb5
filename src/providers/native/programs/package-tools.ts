/** Runs apt and dpkg for one pgmon at a time, without questions. Decides nothing. */
import { CancelledError } from '../../../errors.ts';
import type { Host } from '../../../host/host.ts';
import { runTool } from '../run-tool.ts';

/** Several installs of a plan run at once, and dpkg serves one. A directory that is there anyway, so that no lock file stays; dpkg's own lock is another kind. */
const LOCK = '/var/lib/dpkg';
const LOCK_SECONDS = '300';
const HINT =
  'try `apt-get update`, and look at what apt says; or write `native.binaries: archives` in the spec';
/** Other programs' use of dpkg is waited for too. */
const APT = 'apt-get -q -y -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0';

/** Not interrupted once begun: dpkg must not be left half-way. Runs a POSIX script with `args` as $1, $2, … and returns what it printed. */
export async function runPackageScript(
  host: Pick<Host, 'exec'>,
  {
    script,
    args,
    action,
  }: { readonly script: string; readonly args: readonly string[]; readonly action: string },
  signal: AbortSignal,
): Promise<string> {
  if (signal.aborted) throw new CancelledError();
  const words = ['--timeout', LOCK_SECONDS, LOCK, 'sh', '-euc', script, 'pgmon', ...args];
  const env = { DEBIAN_FRONTEND: 'noninteractive', NEEDRESTART_MODE: 'l' };
  const tool = { action, file: 'flock', args: words, hint: HINT, code: 'program-install', env };
  return runTool(host, tool);
}

export const UPDATE_SCRIPT = `${APT} update >&2`;

/**
 * $1: package, $2: the service that it brings, or empty. Masked while the package is set up, the service is neither
 * started nor enabled (seen on Debian 12 and 14); one that this machine has already is left alone. Prints what is
 * there before and after: `before package x`, `after user y` (of the system: a person may get an account meanwhile).
 */
export const INSTALL_SCRIPT = `
package=$1 unit=$2
state() {
  dpkg-query --show --showformat='\${db:Status-Abbrev}\${Package}\\n' | sed -n "s/^ii /$1 package /p"
  awk -F: -v when="$1" '$3 < 1000 { print when " user " $1 }' /etc/passwd
}
if [ -n "$unit" ] && systemctl cat -- "$unit" >/dev/null 2>&1; then unit=; fi
state before
if [ -n "$unit" ]; then
  trap 'systemctl --quiet unmask --runtime -- "$unit"' EXIT
  systemctl --quiet mask --runtime -- "$unit" >&2
fi
${APT} install --no-install-recommends -- "$package" >&2
if [ -n "$unit" ]; then
  trap - EXIT
  systemctl --quiet unmask --runtime -- "$unit" >&2
  systemctl --quiet disable -- "$unit" >&2
fi
state after
`;

/** What would go with the packages $@: one name a line. */
export const SIMULATE_SCRIPT = `apt-get -q -s purge -- "$@" | sed -n 's/^\\(Purg\\|Remv\\) \\([^ ]*\\).*/\\2/p'`;

export const PURGE_SCRIPT = `${APT} purge -- "$@" >&2`;

/** What no package needs any more: one name a line. */
export const UNNEEDED_SCRIPT = `apt-get -q -s autoremove | sed -n 's/^Remv \\([^ ]*\\).*/\\1/p'`;

/** Lines of what a script printed. */
export function linesOf(text: string): readonly string[] {
  return text.split('\n').filter((line) => line !== '');
}
