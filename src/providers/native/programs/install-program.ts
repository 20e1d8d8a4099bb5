/** Installs one program from where its source says and proves that it runs; or takes back what was installed so. */
import { assertNever, EnvironmentError } from '../../../errors.ts';
import type { Host } from '../../../host/host.ts';
import type { Program } from '../../../stack/native.ts';
import { installArchive, uninstallArchive } from './install-archive.ts';
import { installPackage } from './install-package.ts';
import { judgeVersion } from './judge-version.ts';
import { askVersion } from './program-version.ts';
import { type Installed, readRecords } from './records.ts';
import { uninstallPackage } from './uninstall-package.ts';
import { readUnits, type UnitTexts, unitThatRuns } from './unit-texts.ts';

async function bring(host: Host, program: Program, signal: AbortSignal): Promise<void> {
  const { source } = program;
  switch (source.kind) {
    case 'archive':
      return installArchive(host, { program, source }, signal);
    case 'package':
      return installPackage(host, { program, source }, signal);
    case 'installed':
      throw new EnvironmentError(`there is no ${program.path}`, {
        code: 'program-missing',
        hint: 'install it, or write `native.binaries: archives` in the spec',
      });
    default:
      return assertNever(source);
  }
}

async function prove(host: Host, program: Program, signal: AbortSignal): Promise<void> {
  const asked = await askVersion(host, program, signal);
  if (signal.aborted) return;
  const problem =
    asked.kind === 'unknown'
      ? { message: asked.reason, hint: `check that it is made for this machine (${host.arch})` }
      : judgeVersion(program, asked.version, program.path);
  if (problem === null) return;
  throw new EnvironmentError(`installed, but of no use: ${problem.message}`, {
    code: 'program-unusable',
    hint: problem.hint,
  });
}

function isOf({ source }: Program, record: Installed): boolean {
  if (record.kind === 'archive') return source.kind === 'archive' && record.directory === source.directory;
  return source.kind === 'package' && record.name === source.name;
}

/** Leaves what one of `units` runs. */
async function takeBack(
  host: Host,
  program: Program,
  { units, signal }: { readonly units: UnitTexts; readonly signal: AbortSignal },
): Promise<void> {
  for (const record of await readRecords(host)) {
    if (record.kind !== 'archive' && record.kind !== 'package') continue;
    if (!isOf(program, record) || unitThatRuns(units, record) !== null) continue;
    if (record.kind === 'archive') await uninstallArchive(host, record.directory);
    else await uninstallPackage(host, record, signal);
  }
}

/** Resolves when the program is complete and answers with a version that serves; else nothing of it stays. */
export async function installProgram(host: Host, program: Program, signal: AbortSignal): Promise<void> {
  await bring(host, program, signal);
  try {
    await prove(host, program, signal);
    signal.throwIfAborted();
  } catch (error) {
    await takeBack(host, program, { units: new Map(), signal: AbortSignal.timeout(120_000) });
    throw error;
  }
}

/** Takes back what `installProgram` brought. A program that was there before stays, and one that a unit runs by now, of whichever stack. */
export async function uninstallProgram(host: Host, program: Program, signal: AbortSignal): Promise<void> {
  const units = await readUnits(host);
  await takeBack(host, program, { units, signal });
}
