/** The user's dashboards in the running Grafana beside those in files; shared by `export` and `diff`. */
import { readSecrets } from '../../apply/secrets.ts';
import { formatDashboard } from '../../dashboards/canonical.ts';
import { type FoundFile, isOwnUid, readDirectory } from '../../dashboards/directory.ts';
import { type RunningDashboard, readDashboard, searchDashboards } from '../../dashboards/grafana-client.ts';
import { UsageError } from '../../errors.ts';
import { suggestion } from '../../spec/nearest.ts';
import type { CommandContext, StackOptions } from '../context.ts';
import { type LoadedRendering, loadRendering } from '../load-stack.ts';

export interface RunningOptions extends StackOptions {
  /** Only these; none = all but pgmon's own. */
  readonly uids: readonly string[];
}

export interface Running {
  readonly loaded: LoadedRendering;
  /** By uid. */
  readonly dashboards: readonly RunningDashboard[];
  readonly files: readonly FoundFile[];
}

function refuseOwn(uids: readonly string[]): void {
  const own = uids.find(isOwnUid);
  if (own === undefined) return;
  throw new UsageError(`${own} is a dashboard of pgmon's own, which is the same everywhere`, {
    code: 'own-dashboard',
    hint: 'save a copy of it in Grafana under another title, and export that',
  });
}

function refuseUnknown(uids: readonly string[], known: readonly string[]): void {
  const unknown = uids.find((uid) => !known.includes(uid));
  if (unknown === undefined) return;
  const words = known.length === 0 ? '' : suggestion(unknown, known);
  throw new UsageError(`there is no dashboard with the uid "${unknown}"${words}`, {
    code: 'unknown-dashboard',
  });
}

/** Rejects with UsageError for a uid that is nowhere, or EnvironmentError when Grafana does not answer. */
export async function readRunning(context: CommandContext, options: RunningOptions): Promise<Running> {
  const { host, signal } = context;
  const { uids } = options;
  refuseOwn(uids);
  const loaded = await loadRendering(context, options, { needsDashboards: true });
  const { stack, rendered, outDir } = loaded;
  const isOptional = (id: string) => id !== stack.grafana?.adminPassword;
  const secrets = await readSecrets(host, { stack, outDir, create: false, isOptional });
  const grafana = { host, signal, stack, rendered, secrets };
  const hits = (await searchDashboards(grafana)).filter(({ uid }) => !isOwnUid(uid));
  const found = await readDirectory(host, stack.dashboards);
  const usable = found.filter(({ dashboard }) => dashboard !== null);
  refuseUnknown(uids, [
    ...hits.map(({ uid }) => uid),
    ...usable.flatMap(({ dashboard }) => dashboard?.uid ?? []),
  ]);
  const isAsked = (uid: string) => uids.length === 0 || uids.includes(uid);
  const dashboards: RunningDashboard[] = [];
  // One at a time: a Grafana with a thousand of them has others to serve too.
  for (const hit of hits.filter(({ uid }) => isAsked(uid)))
    dashboards.push(await readDashboard(grafana, hit));
  const files = usable.filter(({ dashboard }) => dashboard !== null && isAsked(dashboard.uid));
  return { loaded, dashboards, files };
}

export interface Difference {
  readonly uid: string;
  readonly title: string;
  /** Null = in Grafana only. */
  readonly file: string | null;
  /** Folder in Grafana; null = none, or not in Grafana. */
  readonly folder: string | null;
  readonly status: 'same' | 'changed' | 'only-in-grafana' | 'only-in-files';
  /** Stable forms; null where there is none. */
  readonly inFile: string | null;
  readonly inGrafana: string | null;
}

/** One entry for each dashboard that is in Grafana or in a file, by uid. */
export function compareDashboards({ dashboards, files }: Omit<Running, 'loaded'>): readonly Difference[] {
  const byUid = new Map(files.map((file) => [file.dashboard?.uid ?? '', file]));
  const running = dashboards.map(({ uid, title, folder, content }): Difference => {
    const file = byUid.get(uid);
    const inGrafana = formatDashboard(content);
    const inFile = file?.dashboard ? formatDashboard(file.dashboard.content) : null;
    const status = inFile === null ? 'only-in-grafana' : inFile === inGrafana ? 'same' : 'changed';
    return { uid, title, file: file?.name ?? null, folder, status, inFile, inGrafana };
  });
  const uids = new Set(dashboards.map(({ uid }) => uid));
  const absent = files.flatMap(({ name, dashboard }): readonly Difference[] => {
    if (dashboard === null || uids.has(dashboard.uid)) return [];
    const { uid, title, content } = dashboard;
    const inFile = formatDashboard(content);
    return [{ uid, title, file: name, folder: null, status: 'only-in-files', inFile, inGrafana: null }];
  });
  return [...running, ...absent].toSorted((a, b) => (a.uid < b.uid ? -1 : 1));
}
