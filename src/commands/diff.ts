/** `pgmon diff`: what `up` would change, as a unified diff of files and as a plan. Changes nothing. */
import { createTwoFilesPatch } from 'diff';
import { readExistingFiles } from '../apply/write-files.ts';
import { EXIT_CODES } from '../errors.ts';
import type { CommandResult } from '../output/reporter.ts';
import { compareFiles, type FileChange } from '../plan/file-changes.ts';
import { formatPlan, planToJson } from '../plan/format-plan.ts';
import { isUpToDate } from '../plan/operations.ts';
import type { RenderedStack } from '../stack/rendered-stack.ts';
import { shownPath } from '../stack/shown-path.ts';
import { beginProvider } from './begin-provider.ts';
import type { CommandContext, StackOptions } from './context.ts';
import { loadRendering } from './load-stack.ts';
import { observeAndPlan } from './plan-input.ts';

export interface DiffOptions extends StackOptions {
  /** Compare rendered files only; needs neither a daemon nor secrets. */
  readonly filesOnly: boolean;
}

type Names = Pick<RenderedStack, 'name' | 'runtime'>;

function formatChange(stack: Names, { path, before, after }: FileChange): string {
  const shown = shownPath(stack, path).replace(/^\//, '');
  const oldName = before === null ? '/dev/null' : `a/${shown}`;
  const newName = after === null ? '/dev/null' : `b/${shown}`;
  const patch = createTwoFilesPatch(oldName, newName, before ?? '', after ?? '', undefined, undefined, {
    context: 3,
  });
  return patch.replace(/^=+\n/, '');
}

function filesResult(
  stack: Names,
  changes: readonly FileChange[],
  more: { readonly text: string; readonly json: object; readonly isSame: boolean },
) {
  const text = changes.map((change) => formatChange(stack, change)).join('');
  const isSame = changes.length === 0 && more.isSame;
  const files = changes.map(({ path, action }) => ({ path: shownPath(stack, path), action }));
  return {
    exitCode: isSame ? EXIT_CODES.done : EXIT_CODES.differences,
    text: `${text}${text === '' ? '' : '\n'}${more.text}`,
    json: { differs: !isSame, files, ...more.json },
  };
}

/** Exit code 10 when something differs, 0 when not. */
export async function diff(context: CommandContext, options: DiffOptions): Promise<CommandResult> {
  if (!options.filesOnly) void beginProvider(context, options);
  const loaded = await loadRendering(context, options, { needsDashboards: true });
  const { rendered } = loaded;
  if (options.filesOnly) {
    const existing = await readExistingFiles(context.host, loaded.outDir, rendered);
    const changes = compareFiles(rendered.files, existing);
    const text = changes.length === 0 ? 'rendered files are as on disk\n' : '';
    return filesResult(rendered, changes, { text, json: {}, isSame: true });
  }
  const { plan, observation } = await observeAndPlan(context, loaded);
  const json = { plan: planToJson(plan) };
  return filesResult(rendered, observation.fileChanges, {
    text: formatPlan(plan),
    json,
    isSame: isUpToDate(plan),
  });
}
