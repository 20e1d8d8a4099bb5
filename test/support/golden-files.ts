/**
 * What the golden files of a stack hold. One stack is the base and has every file in full; the others have only what differs
 * from it, so that a change of a rule shows once and not once for each stack.
 */
import { structuredPatch } from 'diff';
import type { RenderedFile } from '../../src/stack/rendered-stack.ts';

/** Compared elsewhere: pgmon's own program as it was built, and dashboards, which are in templates/ as they are. */
const ELSEWHERE = /^(sql-exporter\/sql-exporter\.mjs|grafana\/dashboards\/.*\.json)$/;

/** Without the first line, which names the spec; render-stack.test.ts looks at that. */
const bodyOf = (text: string): string => text.slice(text.indexOf('\n') + 1);

/** Changed lines with one line around them. No line numbers: those change with every line above. */
function formatDifference(base: string, text: string): string {
  const { hunks } = structuredPatch('base', 'this', bodyOf(base), bodyOf(text), '', '', { context: 1 });
  return `${hunks.map(({ lines }) => ['@@', ...lines].join('\n')).join('\n')}\n`;
}

function goldenFile(file: RenderedFile, base: RenderedFile | undefined): readonly RenderedFile[] {
  if (ELSEWHERE.test(file.path)) return [];
  if (base === undefined) return [file];
  if (bodyOf(base.content) === bodyOf(file.content)) return [];
  const difference = formatDifference(base.content, file.content);
  return difference.length < file.content.length / 2
    ? [{ path: `${file.path}.diff`, content: difference }]
    : [file];
}

/** Units and the like stand beside the output directory; their golden files stay below the stack's. */
function inside(file: RenderedFile): RenderedFile {
  return { ...file, path: file.path.replace(/^(\.\.\/)+/, 'etc/') };
}

/** Path and text of every golden file. `base`: what the base stack renders; empty for itself. */
export function goldenFiles(
  files: readonly RenderedFile[],
  base: readonly RenderedFile[],
): readonly RenderedFile[] {
  const rendered = files.map(inside);
  const paths = rendered.map(({ path }) => path).toSorted();
  return [
    { path: 'files.txt', content: `${paths.join('\n')}\n` },
    ...rendered.flatMap((file) =>
      goldenFile(
        file,
        base.find(({ path }) => path === file.path),
      ),
    ),
  ];
}
