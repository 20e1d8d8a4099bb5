/** The rendered dashboards that are not the catalogue's. Pure. */
import { DASHBOARD_UIDS } from '../../../catalog/dashboards/dashboard.ts';
import type { RenderedFile } from '../../../stack/rendered-stack.ts';
import { asText, at } from '../../../verify/json.ts';
import type { ImportedDashboard } from './check-imported.ts';

const FILE = /^grafana\/dashboards\/(.+)\.json$/;
const OWN_UIDS: readonly string[] = Object.values(DASHBOARD_UIDS);

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
    const name = FILE.exec(path)?.[1];
    if (name === undefined) return [];
    const json = parseJson(content);
    return OWN_UIDS.includes(asText(at(json, 'uid'))) ? [] : [{ name, json }];
  });
}
