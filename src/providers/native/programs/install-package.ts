/** Brings a program as a package by apt; the distribution's own service that comes with it neither starts nor stays enabled. */
import { COMPONENT_KEYS } from '../../../catalog/components.ts';
import { packagedUnit } from '../../../catalog/programs.ts';
import { EnvironmentError } from '../../../errors.ts';
import type { Host } from '../../../host/host.ts';
import type { Program, ProgramSource } from '../../../stack/native.ts';
import { findCandidate } from './apt.ts';
import { ensureGrafanaRepository, removeGrafanaRepository } from './grafana-repository.ts';
import { judgeVersion } from './judge-version.ts';
import { INSTALL_SCRIPT, linesOf, runPackageScript, UPDATE_SCRIPT } from './package-tools.ts';
import { type InstallRecord, removeRecord, writeRecord } from './records.ts';

type Package = ProgramSource & { readonly kind: 'package' };

/** Packages and users that are there after and were not before. `main`: has a record of its own. */
export function newcomers(printed: string, main: string): readonly InstallRecord[] {
  const lines = linesOf(printed);
  const before = new Set(lines.flatMap((line) => (line.startsWith('before ') ? [line.slice(7)] : [])));
  const added = lines.flatMap((line) => (line.startsWith('after ') ? [line.slice(6)] : []));
  return added
    .filter((what) => !before.has(what))
    .flatMap((what): readonly InstallRecord[] => {
      const [kind, name = ''] = what.split(' ');
      if (kind === 'user') return [{ kind: 'user', name }];
      return name === main ? [] : [{ kind: 'dependency', name }];
    });
}

function update(host: Host, signal: AbortSignal): Promise<string> {
  return runPackageScript(
    host,
    { script: UPDATE_SCRIPT, args: [], action: 'fetch the lists of packages' },
    signal,
  );
}

/** Asks apt once more after fetching its lists when it knows of none. */
async function requireCandidate(
  host: Host,
  program: Program,
  { source, isNew }: { source: Package; isNew: boolean },
  signal: AbortSignal,
) {
  const { name } = source;
  let candidate = await findCandidate(host, name, signal);
  if (isNew || candidate.kind === 'none') {
    await update(host, signal);
    candidate = await findCandidate(host, name, signal);
  }
  const obstacle =
    candidate.kind === 'candidate'
      ? judgeVersion(program, candidate.version, `the package ${name}`)
      : {
          message: `apt knows no package ${name}`,
          hint: `write \`native.programs.${COMPONENT_KEYS[program.component]}: { from: archives }\` in the spec`,
        };
  if (obstacle === null) return;
  throw new EnvironmentError(obstacle.message, { code: 'program-install', hint: obstacle.hint });
}

async function aptInstall(host: Host, args: readonly [string, string], signal: AbortSignal): Promise<string> {
  const request = { script: INSTALL_SCRIPT, args, action: `install the package ${args[0]}` };
  try {
    return await runPackageScript(host, request, signal);
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error;
    // Lists that are older than the mirror name files that are gone.
    await update(host, signal);
    return runPackageScript(host, request, signal);
  }
}

async function isInstalled(host: Host, name: string): Promise<boolean> {
  const args = ['--show', `--showformat=\${db:Status-Abbrev}`, '--', name];
  const { exitCode, stdout } = await host.exec('dpkg-query', args, { env: { LC_ALL: 'C' } });
  return exitCode === 0 && stdout.startsWith('ii');
}

/**
 * Rejects with EnvironmentError or CancelledError; what pgmon has put on the machine then is recorded, and nothing that
 * was there before: only what is recorded is ever removed.
 */
export async function installPackage(
  host: Host,
  { program, source }: { readonly program: Program; readonly source: Package },
  signal: AbortSignal,
): Promise<void> {
  const { name, repository } = source;
  const unit = packagedUnit(program.component);
  const record = { kind: 'package', name, program: program.path, unit, repository } as const;
  const isNew = repository === 'grafana' && (await ensureGrafanaRepository(host, signal));
  const wasThere = await isInstalled(host, name);
  if (!wasThere) await writeRecord(host, record);
  try {
    await requireCandidate(host, program, { source, isNew }, signal);
    const printed = await aptInstall(host, [name, unit ?? ''], signal);
    for (const newcomer of newcomers(printed, name)) await writeRecord(host, newcomer);
  } catch (error) {
    const { exitCode } = await host.exec('dpkg-query', ['--status', name]);
    if (exitCode !== 0) {
      await removeRecord(host, record);
      if (isNew) await removeGrafanaRepository(host);
    }
    throw error;
  }
}
