/** Brings a program as a package by apt; the distribution's own service that comes with it neither starts nor stays enabled. */
import type { ComponentName } from '../../../catalog/components.ts';
import { EnvironmentError } from '../../../errors.ts';
import type { Host } from '../../../host/host.ts';
import type { Program, ProgramSource } from '../../../stack/native.ts';
import { findCandidate } from './apt.ts';
import { ensureGrafanaRepository, removeGrafanaRepository } from './grafana-repository.ts';
import { judgeVersion, specKey } from './judge-version.ts';
import { INSTALL_SCRIPT, linesOf, runPackageScript, UPDATE_SCRIPT } from './package-tools.ts';
import { type InstallRecord, removeRecord, writeRecord } from './records.ts';

type Package = ProgramSource & { readonly kind: 'package' };

/** Services that Debian's and Grafana's packages bring. */
const UNITS: Readonly<Partial<Record<ComponentName, string>>> = {
  prometheus: 'prometheus.service',
  alertmanager: 'prometheus-alertmanager.service',
  'node-exporter': 'prometheus-node-exporter.service',
  'postgres-exporter': 'prometheus-postgres-exporter.service',
  grafana: 'grafana-server.service',
};

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
    { script: UPDATE_SCRIPT, args: [], goal: 'fetch the lists of packages' },
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
          hint: `write \`native.programs.${specKey(program.component)}: { from: archives }\` in the spec`,
        };
  if (obstacle === null) return;
  throw new EnvironmentError(obstacle.message, { code: 'program-install', hint: obstacle.hint });
}

async function aptInstall(host: Host, args: readonly [string, string], signal: AbortSignal): Promise<string> {
  const request = { script: INSTALL_SCRIPT, args, goal: `install the package ${args[0]}` };
  try {
    return await runPackageScript(host, request, signal);
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error;
    // Lists that are older than the mirror name files that are gone.
    await update(host, signal);
    return runPackageScript(host, request, signal);
  }
}

/** Rejects with EnvironmentError or CancelledError; what is on the machine then is recorded. */
export async function installPackage(
  host: Host,
  { program, source }: { readonly program: Program; readonly source: Package },
  signal: AbortSignal,
): Promise<void> {
  const { name, repository } = source;
  const unit = UNITS[program.component] ?? null;
  const record = { kind: 'package', name, program: program.path, unit, repository } as const;
  const isNew = repository === 'grafana' && (await ensureGrafanaRepository(host, signal));
  await writeRecord(host, record);
  try {
    await requireCandidate(host, program, { source, isNew }, signal);
    const printed = await aptInstall(host, [name, unit ?? ''], signal);
    const isOld = linesOf(printed).includes(`before package ${name}`);
    // It was there all along, so that it is not ours to remove.
    if (isOld) await removeRecord(host, record);
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
