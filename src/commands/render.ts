/** `pgmon render`: writes the files that a spec stands for, or says how those on disk differ. Starts nothing, reads no secret. */
import path from 'node:path';
import { openDirectories } from '../apply/open-directories.ts';
import { readExistingFiles, refuseForeignFiles, writeFiles } from '../apply/write-files.ts';
import { DEFAULT_OUT_DIR } from '../conventions.ts';
import { EXIT_CODES, UsageError } from '../errors.ts';
import type { CommandResult } from '../output/reporter.ts';
import { compareFiles, type FileChange } from '../plan/file-changes.ts';
import { nativeConfigDir } from '../stack/native-names.ts';
import { shownPath } from '../stack/shown-path.ts';
import type { CommandContext, StackOptions } from './context.ts';
import { type LoadedRendering, loadRendering } from './load-stack.ts';
import { nextCommand } from './next-command.ts';

export interface RenderOptions extends StackOptions {
  /** Write nothing; differences become the exit code. */
  readonly check: boolean;
  /** Native only: print a shell script that installs the stack, and write nothing. */
  readonly script?: boolean;
}

/** Where the rendered files go: `root` is what people are told, `outDir` what their paths are relative to. */
interface Tree {
  readonly root: string;
  readonly outDir: string;
  /** What to do with it. */
  readonly next: string;
}

const SIGNS = { create: '+', update: '~', remove: '-' } as const satisfies Record<
  FileChange['action'],
  string
>;

/** Natively a tree like the machine's own, beside the spec when `-o` does not say where. */
function treeOf({ stack, specPath, outDir }: LoadedRendering, options: RenderOptions): Tree {
  const { out } = options;
  if (stack.runtime === 'docker') return { root: outDir, outDir, next: `\`${nextCommand('up', options)}\`` };
  const next = `copy it to / of the machine; \`${nextCommand('up', options)}\` writes there by itself`;
  const configDir = nativeConfigDir(stack.name);
  if (out !== undefined) return { root: outDir.slice(0, -configDir.length), outDir, next };
  const root = path.join(path.dirname(specPath), DEFAULT_OUT_DIR, stack.name);
  return { root, outDir: path.join(root, configDir), next };
}

function formatCount(count: number): string {
  return count === 1 ? '1 file' : `${count} files`;
}

function formatResult(changes: readonly FileChange[], { root, next }: Tree, options: RenderOptions): string {
  if (changes.length === 0) return `${root} is up to date\n`;
  const list = changes.map((change) => `${SIGNS[change.action]} ${change.path}\n`).join('');
  const count = formatCount(changes.length);
  if (options.check) {
    return `${list}${count} in ${root} would change; write with \`${nextCommand('render', options)}\`\n`;
  }
  return `${list}${count} changed in ${root}; next: ${next}\n`;
}

async function renderScript(loaded: LoadedRendering): Promise<CommandResult> {
  const { stack, rendered } = loaded;
  if (stack.runtime !== 'native') {
    throw new UsageError('--script is for `runtime: native`', {
      hint: 'with Docker `pgmon render` writes a docker-compose.yml',
    });
  }
  const { renderInstallScript } = await import('../render/systemd/install-script.ts');
  const script = renderInstallScript(rendered, stack);
  return { exitCode: EXIT_CODES.done, text: script, json: { stack: stack.name, script } };
}

/** Exit code 10 when `check` finds a difference. Rejects with EnvironmentError rather than overwrite a foreign file. */
export async function render(context: CommandContext, options: RenderOptions): Promise<CommandResult> {
  const loaded = await loadRendering(context, options, { needsDashboards: true, takesOut: true });
  if (options.script === true) return renderScript(loaded);
  const { rendered } = loaded;
  const isNative = rendered.runtime === 'native';
  const host = isNative ? { fs: openDirectories(context.host.fs) } : context.host;
  const tree = treeOf(loaded, options);
  const changes = compareFiles(rendered.files, await readExistingFiles(host, tree.outDir, rendered));
  if (options.check) refuseForeignFiles(tree.outDir, changes);
  else await writeFiles(host, tree.outDir, changes);
  // Below the tree's root the same names as on the machine, without the first slash.
  const nameOf = (file: string) => shownPath(rendered, file).replace(/^\//, '');
  const shown = changes.map((change) => ({ ...change, path: nameOf(change.path) }));
  const isDifferent = options.check && changes.length > 0;
  return {
    exitCode: isDifferent ? EXIT_CODES.differences : EXIT_CODES.done,
    text: formatResult(shown, tree, options),
    json: {
      outDir: tree.root,
      isWritten: !options.check,
      files: rendered.files.map((file) => nameOf(file.path)),
      changes: shown.map(({ path: file, action }) => ({ path: file, action })),
    },
  };
}
