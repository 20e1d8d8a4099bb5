/** Dashboards of the running Grafana, through its classic API, which every supported version has. */
import { EnvironmentError, UsageError } from '../errors.ts';
import type { Host, HttpResponse } from '../host/host.ts';
import { requestService } from '../host/service-client.ts';
import type { JsonObject } from '../stack/dashboard-file.ts';
import type { RenderedStack } from '../stack/rendered-stack.ts';
import type { Stack } from '../stack/stack.ts';
import { isList, isObject } from './canonical.ts';
import { isUid, parseDashboard } from './parse-dashboard.ts';

export interface RunningGrafana {
  readonly host: Pick<Host, 'http'>;
  readonly signal: AbortSignal;
  readonly stack: Stack;
  readonly rendered: RenderedStack;
  /** Values by secret id. */
  readonly secrets: ReadonlyMap<string, string>;
}

const PAGE_SIZE = 1000;
const TIMEOUT_MS = 15_000;

function loginOf({ stack, secrets }: RunningGrafana) {
  if (stack.grafana === null)
    throw new UsageError('this stack runs without Grafana', {
      code: 'no-grafana',
      hint: 'set grafana.enabled, or leave out --without grafana',
    });
  const password = secrets.get(stack.grafana.adminPassword);
  if (password === undefined)
    throw new EnvironmentError("Grafana's admin password has not been made yet", {
      code: 'secret-missing',
      hint: 'start the stack with `pgmon up`',
    });
  return { user: stack.grafana.adminUser, password };
}

function refusal(path: string, { status }: HttpResponse): EnvironmentError {
  if (status === 401 || status === 403)
    return new EnvironmentError(`Grafana refused the admin login (HTTP ${status})`, {
      code: 'grafana-login',
      hint: 'Grafana keeps the password of its first start: reset it with `grafana cli admin reset-admin-password` in the container',
    });
  return new EnvironmentError(`Grafana answers ${path.split('?')[0]} with HTTP ${status}`, {
    code: 'grafana-refuses',
    hint: 'see why with `pgmon logs grafana`',
  });
}

/** The answer as JSON. Rejects with EnvironmentError (unreachable, login refused, another status) or UsageError (no Grafana). */
async function call(grafana: RunningGrafana, path: string): Promise<unknown> {
  const basicAuth = loginOf(grafana);
  const { host, rendered, signal, secrets } = grafana;
  const service = rendered.services.find(({ name }) => name === 'grafana');
  if (service === undefined) throw new Error('a stack with Grafana has no service of that name');
  const response = await requestService(host, service, secrets, {
    path,
    basicAuth,
    signal,
    timeoutMs: TIMEOUT_MS,
  }).catch((cause: Error) => {
    signal.throwIfAborted();
    throw new EnvironmentError(`cannot reach Grafana: ${cause.message}`, {
      code: 'grafana-unreachable',
      hint:
        'code' in cause && cause.code === 'NOT_PUBLISHED'
          ? 'set grafana.publish to true, and run `pgmon up`'
          : 'is the stack up? see `pgmon status`',
      cause,
    });
  });
  if (response.status !== 200) throw refusal(path, response);
  try {
    return JSON.parse(response.body);
  } catch (cause) {
    throw new EnvironmentError(`Grafana answers ${path.split('?')[0]} with something that is no JSON`, {
      code: 'grafana-refuses',
      hint: 'see whether Grafana itself listens there: `pgmon logs grafana`',
      cause,
    });
  }
}

/** A dashboard as the search shows it. */
export interface DashboardHit {
  readonly uid: string;
  /** Title of its folder; null = none. */
  readonly folder: string | null;
}

export interface RunningDashboard extends DashboardHit {
  readonly title: string;
  readonly content: JsonObject;
}

function toHit(value: unknown): readonly DashboardHit[] {
  const hit = value as JsonObject;
  if (!isObject(hit) || typeof hit.uid !== 'string') return [];
  return [{ uid: hit.uid, folder: typeof hit.folderTitle === 'string' ? hit.folderTitle : null }];
}

/** Every dashboard by uid, without its content: the search gives titles only. */
export async function searchDashboards(grafana: RunningGrafana): Promise<readonly DashboardHit[]> {
  const hits: DashboardHit[] = [];
  for (let page = 1; ; page += 1) {
    const found = await call(grafana, `/api/search?type=dash-db&limit=${PAGE_SIZE}&page=${page}`);
    const list = isList(found as JsonObject) ? (found as readonly unknown[]) : [];
    hits.push(...list.flatMap(toHit));
    if (list.length < PAGE_SIZE) return hits.toSorted((a, b) => (a.uid < b.uid ? -1 : 1));
  }
}

/** Rejects with EnvironmentError also for one that no file can hold. */
export async function readDashboard(
  grafana: RunningGrafana,
  { uid, folder }: DashboardHit,
): Promise<RunningDashboard> {
  const no = (problem: string) =>
    new EnvironmentError(`Grafana's dashboard ${uid} cannot be kept in a file: ${problem}`, {
      code: 'dashboard-invalid',
      hint: 'save a copy of it in Grafana, and name the dashboards to export',
    });
  // Its file may be named after it.
  if (!isUid(uid)) throw no('its uid is not of at most 40 letters, digits, `-` and `_`');
  const answer = await call(grafana, `/api/dashboards/uid/${encodeURIComponent(uid)}`);
  const parsed = parseDashboard(JSON.stringify(answer));
  if (!parsed.ok) throw no(parsed.problem);
  return { uid, folder, title: parsed.title, content: { ...parsed.content, uid } };
}
