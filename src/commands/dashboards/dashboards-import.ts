/** `pgmon dashboards import`: brings dashboards of others into the directory beside the spec, fitted to the stack. */
import path from 'node:path';
import { type FoundFile, missingCommunity, readDirectory } from '../../dashboards/directory.ts';
import { GRAFANA_COM } from '../../dashboards/download.ts';
import { type Fetched, fetchSource, type ImportSource, parseSource } from '../../dashboards/import-source.ts';
import { type Imported, planImport } from '../../dashboards/plan-import.ts';
import { EnvironmentError, EXIT_CODES, UsageError } from '../../errors.ts';
import { updateLockedDashboards } from '../../images/update-lock.ts';
import { printable } from '../../output/printable.ts';
import type { CommandResult } from '../../output/reporter.ts';
import type { LockedDashboard } from '../../stack/lock.ts';
import type { CommandContext, StackOptions } from '../context.ts';
import { type LoadedStack, loadStack } from '../load-stack.ts';
import { nextCommand } from '../next-command.ts';
import { writeDashboard } from './write-dashboard.ts';

export interface DashboardsImportOptions extends StackOptions {
  /** Ids, addresses and files, as typed; none = what the spec lists. */
  readonly sources: readonly string[];
  /** Of the one id, or of the file, that is named. */
  readonly revision?: number;
  /** Id on grafana.com that the one file has. */
  readonly id?: number;
  /** Address in place of grafana.com's. */
  readonly mirror?: string;
}

function pinned(source: ImportSource, { stack, lock }: LoadedStack): ImportSource {
  if (source.kind !== 'id' || source.revision !== null) return source;
  const { id } = source;
  const inSpec = stack.dashboards.community.find((one) => one.id === id)?.revision;
  const inLock = Object.values(lock.dashboards ?? {}).find((one) => one.id === id)?.revision;
  return { ...source, revision: inSpec ?? inLock ?? null };
}

function withFlags(source: ImportSource, { revision, id }: DashboardsImportOptions): ImportSource {
  if (source.kind !== 'id') return { ...source, id: id ?? source.id, revision: revision ?? source.revision };
  if (id !== undefined && id !== source.id)
    throw new UsageError(`--id ${id} is for files and addresses; ${source.id} is an id already`);
  return { ...source, revision: revision ?? source.revision };
}

/** Throws UsageError when nothing is named, or the flags do not say which dashboard they are about. */
function sourcesOf(
  loaded: LoadedStack,
  files: readonly FoundFile[],
  options: DashboardsImportOptions,
): readonly ImportSource[] {
  const { sources, revision, id } = options;
  const flags = [...(revision === undefined ? [] : ['--revision']), ...(id === undefined ? [] : ['--id'])];
  if (flags.length > 0 && sources.length !== 1)
    throw new UsageError(`${flags.join(' and ')} is about one dashboard: name one`);
  if (sources.length > 0) return sources.map((word) => pinned(withFlags(parseSource(word), options), loaded));
  const { dashboards } = loaded.stack;
  if (dashboards.community.length > 0)
    return missingCommunity(dashboards, loaded.lock, files).map((one) => ({ kind: 'id', ...one }));
  throw new UsageError('there is nothing to import: the spec lists no dashboards.community', {
    code: 'nothing-to-import',
    hint: 'name an id of grafana.com such as 9628, an address, or a file',
  });
}

/** The same revision must be the same bytes for ever, whoever gives it. */
function refuseChanged({ what, id, revision, sha256 }: Fetched, { lock, lockPath }: LoadedStack): void {
  const before = Object.values(lock.dashboards ?? {}).find(
    (one) => id !== null && one.id === id && one.revision === revision,
  );
  if (before === undefined || before.sha256 === sha256) return;
  throw new EnvironmentError(
    `${what} is not what it was: its sha256 is ${sha256}, and ${path.basename(lockPath)} has ${before.sha256}`,
    {
      code: 'dashboard-changed',
      hint: `look at the difference; to take it, remove its entry from ${path.basename(lockPath)} and import again`,
    },
  );
}

function toLocked({ source, id, revision, sha256 }: Imported): LockedDashboard {
  return { source, id, revision, sha256 };
}

/** What the spec should say so that the next checkout asks for the same. */
function specLines(imported: readonly Imported[], { stack }: LoadedStack): string {
  const missing = imported.flatMap(({ id, revision }) =>
    id === null ||
    revision === null ||
    stack.dashboards.community.some((one) => one.id === id && one.revision === revision)
      ? []
      : [`    - {id: ${id}, revision: ${revision}}\n`],
  );
  return missing.length === 0
    ? ''
    : `To pin it in the spec as well:\ndashboards:\n  community:\n${missing.join('')}`;
}

function formatResult(imported: readonly Imported[], loaded: LoadedStack, next: string): string {
  const { shownDirectory } = loaded.stack.dashboards;
  if (imported.length === 0) return `every dashboard of the spec is in ${shownDirectory} already\n`;
  const lines = imported.map(
    ({ name, title, action }) => `${path.posix.join(shownDirectory, name)}: ${title} (${action})\n`,
  );
  const lockName = path.basename(loaded.lockPath);
  return `${lines.join('')}${specLines(imported, loaded)}Commit ${shownDirectory} and ${lockName}. Next: ${next}\n`;
}

/** Fetches and judges everything before it writes anything. */
export async function dashboardsImport(
  context: CommandContext,
  options: DashboardsImportOptions,
): Promise<CommandResult> {
  const { host, signal, version, reporter } = context;
  const loaded = await loadStack(context, options);
  const { dashboards, grafana } = loaded.stack;
  const files = await readDirectory(host, dashboards);
  const base = (options.mirror ?? GRAFANA_COM).replace(/\/+$/, '');
  const fetched: Fetched[] = [];
  for (const source of sourcesOf(loaded, files, options)) {
    fetched.push(await fetchSource({ host, signal, base }, source));
  }
  for (const one of fetched) refuseChanged(one, loaded);
  const imported = planImport(fetched, files, loaded.lock);
  for (const one of imported) if (one.action !== 'unchanged') await writeDashboard(host, dashboards, one);
  const entries = imported.map((one) => [one.name, toLocked(one)] as const);
  if (entries.length > 0)
    await updateLockedDashboards(host, loaded.lockPath, Object.fromEntries(entries), version);
  if (grafana === null) reporter.warn('nobody sees them: this stack runs without Grafana');
  return {
    exitCode: EXIT_CODES.done,
    text: printable(formatResult(imported, loaded, nextCommand('up', options))),
    json: {
      directory: dashboards.directory,
      lockFile: loaded.lockPath,
      dashboards: imported.map(({ text: _, name, ...rest }) => ({ file: name, ...rest })),
    },
  };
}
