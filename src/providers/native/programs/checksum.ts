/** Finds the checksum that a release archive must have and compares it, before anything of the archive is used. */
import { EnvironmentError } from '../../../errors.ts';
import type { Host } from '../../../host/host.ts';
import { fileNameOf } from '../../../stack/file-name-of.ts';
import type { ProgramSource } from '../../../stack/native.ts';
import { runTool } from '../run-tool.ts';
import { fetchFile } from './fetch-file.ts';
import { shownLocation } from './shown-location.ts';

type Archive = ProgramSource & { readonly kind: 'archive' };

const MAX_CHECKSUMS_BYTES = 1024 * 1024;
const SUM = /^[0-9a-f]{64}$/i;

/** The sum of a file in what `sha256sum` printed, or the only one that the text has; null when there is none. */
export function findSum(text: string, fileName: string): string | null {
  if (SUM.test(text.trim())) return text.trim().toLowerCase();
  const lines = text.split('\n').map((line) => /^([0-9a-f]{64}) [ *](?:\.\/)?(.+?)\r?$/i.exec(line));
  return lines.find((match) => match?.[2] === fileName)?.[1]?.toLowerCase() ?? null;
}

/** Rejects when no sum can be found: an archive is never used unverified. */
export async function expectedSum(
  host: Pick<Host, 'http' | 'fs' | 'exec'>,
  { location, checksums, sha256 }: Archive,
  signal: AbortSignal,
): Promise<string> {
  if (sha256 !== null) return sha256.toLowerCase();
  const request = { location: checksums, toFile: null, maxBytes: MAX_CHECKSUMS_BYTES };
  const sum = findSum(await fetchFile(host, request, signal), fileNameOf(location));
  if (sum !== null) return sum;
  throw new EnvironmentError(`${shownLocation(checksums)} has no sha256 sum of ${fileNameOf(location)}`, {
    code: 'program-checksum',
    hint: 'write the sum that upstream publishes as `sha256` of the program in the spec',
  });
}

export async function verifySum(
  host: Pick<Host, 'exec'>,
  {
    file,
    expected,
    location,
  }: { readonly file: string; readonly expected: string; readonly location: string },
  signal: AbortSignal,
): Promise<void> {
  const shown = shownLocation(location);
  const run = {
    action: `verify ${shown}`,
    file: 'sha256sum',
    args: ['--', file],
    hint: 'install coreutils',
    code: 'program-install',
  };
  const found = (await runTool(host, run, { signal })).slice(0, 64);
  if (found === expected) return;
  throw new EnvironmentError(
    `${shown} is not what was expected: its sha256 is ${found}, and it must be ${expected}`,
    {
      code: 'program-checksum',
      hint: 'nothing was unpacked; fetch the archive again from a source that you trust, or correct the sum in the spec',
    },
  );
}
