/** Text -> a dashboard in Grafana's classic JSON, or why it is none, in words. */
import type { JsonObject } from '../stack/dashboard-file.ts';
import { isList, isObject } from './canonical.ts';

export type ParsedDashboard =
  | { readonly ok: true; readonly content: JsonObject; readonly title: string }
  | { readonly ok: false; readonly problem: string };

/** Of a download or a file: the largest dashboards that people share have less than a tenth of it. */
export const MOST_BYTES = 16 * 1024 * 1024;
/** Levels of JSON: panels in rows have a dozen. */
const MOST_LEVELS = 100;

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isDeeper(inner, levels - 1));
}

const no = (problem: string): ParsedDashboard => ({ ok: false, problem });

/** Grafana's API wraps a dashboard, and so do some files. */
function unwrapped(value: JsonObject): JsonObject {
  if (isObject(value.dashboard) && value.panels === undefined) return value.dashboard;
  const version = typeof value.apiVersion === 'string' ? value.apiVersion : '';
  if (!version.startsWith('dashboard.grafana.app/') || !isObject(value.spec)) return value;
  const uid = isObject(value.metadata) ? value.metadata.name : undefined;
  return { ...value.spec, ...(value.spec.uid === undefined && uid !== undefined && { uid }) };
}

/** `{"dashboard": …}` and Grafana's resources of version 1 are unwrapped; version 2 is refused, as provisioning refuses it. */
export function parseDashboard(text: string): ParsedDashboard {
  if (text.length > MOST_BYTES) return no(`it is larger than ${MOST_BYTES / 1024 / 1024} MiB`);
  let value: unknown;
  try {
    // Programs of Windows begin a file with a byte order mark.
    value = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return no('it is not JSON');
  }
  if (!isObject(value as JsonObject)) return no('it is not a JSON object');
  if (isDeeper(value, MOST_LEVELS)) return no(`it is nested deeper than ${MOST_LEVELS} levels`);
  const content = unwrapped(value as JsonObject);
  if (content.elements !== undefined && content.layout !== undefined)
    return no('it is in the format v2, which Grafana takes from no file: export it as "Classic"');
  const { title, panels, rows } = content;
  if (typeof title !== 'string' || title.trim() === '') return no('it has no title');
  if (!isList(panels) && !isList(rows)) return no('it has neither panels nor rows: it is no dashboard');
  return { ok: true, content, title };
}

/** What Grafana takes as a uid. */
export function isUid(value: unknown): value is string {
  return typeof value === 'string' && /^[a-zA-Z0-9_-]{1,40}$/.test(value);
}
