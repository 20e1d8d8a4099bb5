/** The rendered dashboards that the user brought along. Pure. */
import { MORE_DASHBOARDS_DIR } from '../../../conventions.ts';
import type { RenderedFile } from '../../../stack/rendered-stack.ts';
import type { ImportedDashboard } from './check-imported.ts';

const PREFIX = `${MORE_DASHBOARDS_DIR}/`;

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** In the order of the files; `json` is null for a file that is no JSON. */
export function findImported(files: readonly RenderedFile[]): readonly ImportedDashboard[] {
  return files.flatMap(({ path, content }) => {
    if (!path.startsWith(PREFIX)) return [];
    return [{ name: path.slice(PREFIX.length).replace(/\.json$/, ''), json: parseJson(content) }];
  });
}
