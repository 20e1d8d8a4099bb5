/** What apt knows of a package on this machine. Reads only. */
import type { Host } from '../../../host/host.ts';

export type PackageCandidate =
  /** `version`: upstream's part, without epoch and revision. */
  | { readonly kind: 'candidate'; readonly version: string }
  /** apt knows of none: no such package, or its lists were never fetched. */
  | { readonly kind: 'none' }
  /** Another kind of distribution. */
  | { readonly kind: 'no-apt' };

/** `1:3.5.3+ds1-6` -> `3.5.3`. */
export function upstreamVersion(packageVersion: string): string | null {
  return /^(?:\d+:)?(\d+(?:\.\d+)*)/.exec(packageVersion)?.[1] ?? null;
}

export async function findCandidate(
  host: Pick<Host, 'exec'>,
  name: string,
  signal: AbortSignal,
): Promise<PackageCandidate> {
  const result = await host.exec('apt-cache', ['policy', name], { signal, env: { LC_ALL: 'C' } });
  if (result.exitCode === null) return { kind: 'no-apt' };
  const version = upstreamVersion(/^\s+Candidate: (\S+)$/m.exec(result.stdout)?.[1] ?? '');
  return version === null ? { kind: 'none' } : { kind: 'candidate', version };
}
