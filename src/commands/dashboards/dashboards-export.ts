/** `pgmon dashboards export`: writes what was made or changed in Grafana into the directory beside the spec, for review in Git. */
import path from 'node:path';
import { type FoundFile, judgeFile, readDirectory } from '../../dashboards/directory.ts';
import type { RunningDashboard } from '../../dashboards/grafana-client.ts';
import { type Placed, placeDashboard } from '../../dashboards/place-dashboard.ts';
import { EXIT_CODES } from '../../errors.ts';
import { printable } from '../../output/printable.ts';
import type { CommandResult } from '../../output/reporter.ts';
import type { Lock } from '../../stack/lock.ts';
import type { CommandContext } from '../context.ts';
import { type RunningOptions, readRunning } from './running-dashboards.ts';
import { writeDashboard } from './write-dashboard.ts';

interface Exported extends Placed {
  readonly uid: string;
  readonly title: string;
}

/** Each one sees the files of those before it; nothing is written yet. */
function planExport(
  dashboards: readonly RunningDashboard[],
  files: readonly FoundFile[],
  lock: Lock,
): readonly Exported[] {
  let known = files;
  return dashboards.map(({ uid, title, content }) => {
    const hint = 'give one of them another title in Grafana or in its file';
    const placing = { what: `Grafana's dashboard ${uid}`, uid, title, content, id: null, hint };
    const placed = placeDashboard(placing, known, lock);
    known = [...known.filter(({ name }) => name !== placed.name), judgeFile(placed.name, placed.text)];
    return { ...placed, uid, title };
  });
}

function formatExported(exported: readonly Exported[], directory: string): string {
  if (exported.length === 0) return "Grafana has no dashboards but pgmon's own\n";
  const changed = exported.filter(({ action }) => action !== 'unchanged');
  if (changed.length === 0) return `${directory} is as Grafana has it\n`;
  const lines = changed.map(
    ({ name, title, action }) => `${path.posix.join(directory, name)}: ${title} (${action})\n`,
  );
  return printable(`${lines.join('')}Review and commit ${directory}\n`);
}

/** Files of dashboards that Grafana does not have stay as they are. */
export async function dashboardsExport(
  context: CommandContext,
  options: RunningOptions,
): Promise<CommandResult> {
  const { loaded, dashboards } = await readRunning(context, options);
  const { stack, lock } = loaded;
  const files = await readDirectory(context.host, stack.dashboards);
  const exported = planExport(dashboards, files, lock);
  for (const one of exported) {
    if (one.action !== 'unchanged') await writeDashboard(context.host, stack.dashboards, one);
  }
  return {
    exitCode: EXIT_CODES.done,
    text: formatExported(exported, stack.dashboards.shownDirectory),
    json: {
      directory: stack.dashboards.directory,
      dashboards: exported.map(({ name, uid, title, action }) => ({ file: name, uid, title, action })),
    },
  };
}
