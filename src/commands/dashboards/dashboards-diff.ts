/** `pgmon dashboards diff`: what was changed in Grafana against the files in Git. Changes nothing. */
import { createTwoFilesPatch } from 'diff';
import { EXIT_CODES } from '../../errors.ts';
import { printable } from '../../output/printable.ts';
import type { CommandResult } from '../../output/reporter.ts';
import type { CommandContext } from '../context.ts';
import { nextCommand } from '../next-command.ts';
import {
  compareDashboards,
  type Difference,
  type RunningOptions,
  readRunning,
} from './running-dashboards.ts';

function formatPatch({ file, uid, inFile, inGrafana }: Difference, directory: string): string {
  const name = `${directory}/${file ?? `${uid}.json`}`;
  const before = inFile === null ? '/dev/null' : `a/${name}`;
  const patch = createTwoFilesPatch(
    before,
    `b/${name}`,
    inFile ?? '',
    inGrafana ?? '',
    undefined,
    undefined,
    {
      context: 3,
    },
  );
  return patch.replace(/^=+\n/, '');
}

function formatDifference(difference: Difference, directory: string): string {
  const { status, title, folder, file } = difference;
  switch (status) {
    case 'same':
      return '';
    case 'changed':
      return `${title}: changed in Grafana\n${formatPatch(difference, directory)}\n`;
    case 'only-in-grafana':
      return `${title}: in Grafana only, in the folder ${folder ?? 'Dashboards'} (uid ${difference.uid})\n`;
    case 'only-in-files':
      return `${title}: in ${directory}/${file} only, not in Grafana yet\n`;
  }
}

function nextSteps(differences: readonly Difference[], options: RunningOptions): string {
  const has = (...wanted: readonly Difference['status'][]) =>
    differences.some(({ status }) => wanted.includes(status));
  const steps = [
    ...(has('changed', 'only-in-grafana')
      ? [`take what Grafana has: ${nextCommand('dashboards export', options)}`]
      : []),
    ...(has('only-in-files') ? [`bring the files to Grafana: ${nextCommand('up', options)}`] : []),
  ];
  return steps.map((step) => `${step}\n`).join('');
}

/** Exit code 10 when something differs, 0 when not. */
export async function dashboardsDiff(
  context: CommandContext,
  options: RunningOptions,
): Promise<CommandResult> {
  const running = await readRunning(context, options);
  const all = compareDashboards(running);
  const differences = all.filter(({ status }) => status !== 'same');
  const { directory, shownDirectory } = running.loaded.stack.dashboards;
  const text =
    differences.length === 0
      ? `${all.length === 1 ? '1 dashboard is' : `${all.length} dashboards are`} in Grafana as in ${shownDirectory}\n`
      : differences.map((one) => formatDifference(one, shownDirectory)).join('') +
        nextSteps(differences, options);
  return {
    exitCode: differences.length === 0 ? EXIT_CODES.done : EXIT_CODES.differences,
    text: printable(text),
    json: {
      differs: differences.length > 0,
      directory,
      dashboards: all.map((one) => {
        const { uid, title, file, folder, status } = one;
        const patch = status === 'changed' ? formatPatch(one, shownDirectory) : null;
        return { uid, title, file, folder, status, patch };
      }),
    },
  };
}
