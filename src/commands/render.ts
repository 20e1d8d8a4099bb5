/** `pgmon render`: writes the files that a spec stands for, or says how those on disk differ. Starts nothing, reads no secret. */
import { readExistingFiles, refuseForeignFiles, writeFiles } from '../apply/write-files.ts';
import { EXIT_CODES } from '../errors.ts';
import type { CommandResult } from '../output/reporter.ts';
import { compareFiles, type FileChange } from '../plan/file-changes.ts';
import type { CommandContext, StackOptions } from './context.ts';
import { loadRendering } from './load-stack.ts';

export interface RenderOptions extends StackOptions {
  /** Write nothing; differences become the exit code. */
  readonly check: boolean;
}

const SIGNS = { create: '+', update: '~', remove: '-' } as const satisfies Record<
  FileChange['action'],
  string
>;

function formatChanges(changes: readonly FileChange[]): string {
  return changes.map(({ action, path }) => `${SIGNS[action]} ${path}\n`).join('');
}

function formatCount(count: number): string {
  return count === 1 ? '1 file' : `${count} files`;
}

function formatResult(changes: readonly FileChange[], outDir: string, isCheck: boolean): string {
  if (changes.length === 0) return `${outDir} is up to date\n`;
  const list = formatChanges(changes);
  if (isCheck)
    return `${list}${formatCount(changes.length)} in ${outDir} would change; write with \`pgmon render\`\n`;
  return `${list}${formatCount(changes.length)} changed in ${outDir}; next: \`pgmon up\`\n`;
}

/** Exit code 10 when `check` finds a difference. Rejects with EnvironmentError rather than overwrite a foreign file. */
export async function render(context: CommandContext, options: RenderOptions): Promise<CommandResult> {
  const { host } = context;
  const { outDir, rendered } = await loadRendering(context, options, { needsDashboards: true });
  const changes = compareFiles(rendered.files, await readExistingFiles(host, outDir));
  if (options.check) refuseForeignFiles(outDir, changes);
  else await writeFiles(host, outDir, changes);
  const isDifferent = options.check && changes.length > 0;
  return {
    exitCode: isDifferent ? EXIT_CODES.differences : EXIT_CODES.done,
    text: formatResult(changes, outDir, options.check),
    json: {
      outDir,
      isWritten: !options.check,
      files: rendered.files.map((file) => file.path),
      changes: changes.map(({ path, action }) => ({ path, action })),
    },
  };
}
