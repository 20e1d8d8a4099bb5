/** Asks a program for its version. Each prints it in its own way. */
import type { ComponentName } from '../../../catalog/components.ts';
import { VERSION_PREFIXES } from '../../../catalog/programs.ts';
import type { Host } from '../../../host/host.ts';
import { toolMessage } from '../run-tool.ts';

const TIMEOUT_MS = 10_000;
/** User and group `nobody` on every distribution with systemd. */
const NOBODY = 65_534;

export type AskedVersion =
  | { readonly kind: 'version'; readonly version: string }
  /** It is there but is not the program, or cannot run here; `reason` in words. */
  | { readonly kind: 'unknown'; readonly reason: string };

/** The version in what `--version` printed; null when it is another program's. */
export function parseVersion(component: ComponentName, text: string): string | null {
  const prefix = VERSION_PREFIXES[component];
  if (prefix === undefined) return null;
  return new RegExp(`${prefix}(\\d+(?:\\.\\d+)+)`, 'm').exec(text)?.[1] ?? null;
}

/** A program may belong to another user, who must not get the superuser's rights by changing it. */
const AS_NOBODY = [
  `--reuid=${NOBODY}`,
  `--regid=${NOBODY}`,
  '--clear-groups',
  '--no-new-privs',
  '--reset-env',
  '--',
];

/** Runs it, as nobody when pgmon runs as root. */
export async function askVersion(
  host: Pick<Host, 'exec' | 'uid'>,
  { component, path }: { readonly component: ComponentName; readonly path: string },
  signal: AbortSignal,
): Promise<AskedVersion> {
  const options = { signal, timeoutMs: TIMEOUT_MS };
  const result =
    host.uid === 0
      ? await host.exec('setpriv', [...AS_NOBODY, path, '--version'], options)
      : await host.exec(path, ['--version'], options);
  if (result.exitCode !== 0) {
    const how = result.exitCode === null ? `fails with ${result.errorCode}` : `ends with ${result.exitCode}`;
    const last = toolMessage(result).slice(-200);
    return { kind: 'unknown', reason: `${path} --version ${how}${last === '' ? '' : `: ${last}`}` };
  }
  const said = `${result.stdout}\n${result.stderr}`;
  const version = parseVersion(component, said);
  if (version !== null) return { kind: 'version', version };
  const first = said.trim().split('\n')[0]?.slice(0, 80) ?? '';
  return { kind: 'unknown', reason: `${path} --version answers "${first}"` };
}
