/** Who may change a machine's own services. */
import { EnvironmentError } from '../errors.ts';
import type { Host } from '../host/host.ts';
import type { Runtime } from '../stack/stack.ts';

/** Rejects before anything is looked at: secrets, units and users of the native runtime are root's. */
export function requireRoot(host: Pick<Host, 'uid'>, runtime: Runtime, command: string): void {
  if (runtime === 'docker' || host.uid === 0) return;
  throw new EnvironmentError(
    `\`pgmon ${command}\` with \`runtime: native\` changes system services and needs root, this is user id ${host.uid ?? 'unknown'}`,
    {
      code: 'needs-root',
      hint: `run it with sudo; to install by other means: \`pgmon render --script\` prints a shell script`,
    },
  );
}
