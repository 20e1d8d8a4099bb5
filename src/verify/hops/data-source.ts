/** Hop `data-source`: Grafana's own health check of the provisioned data source passes, and one real query through it returns data. */
import { DATA_SOURCE_UID } from '../../conventions.ts';
import type { HttpResponse } from '../../host/host.ts';
import type { ServiceRequest } from '../../host/service-client.ts';
import type { Grafana } from '../../stack/stack.ts';
import { asList, asText, at } from '../json.ts';
import { settle } from '../settle.ts';
import {
  ask,
  type CheckHop,
  type Finding,
  fail,
  judgePart,
  pass,
  type VerifyContext,
} from '../verify-context.ts';
import { NO_GRAFANA } from './grafana.ts';

/** The query that is sent through the data source: how many targets are up. */
const QUERY = 'sum(up)';

function parseBody(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}

/** What is wrong with the answer of `/api/datasources/uid/<uid>/health`; null = nothing. */
export function judgeDataSourceHealth({
  status,
  body,
}: Pick<HttpResponse, 'status' | 'body'>): Finding | null {
  if (status === 401 || status === 403) {
    const hint =
      'Grafana keeps the password of its first start: reset it where Grafana runs, with `grafana cli admin reset-admin-password`';
    return fail(DATA_SOURCE_UID, `Grafana refused the admin login (HTTP ${status})`, hint);
  }
  const answer = parseBody(body);
  const message = asText(at(answer, 'message'));
  if (status === 404) {
    return fail(
      DATA_SOURCE_UID,
      `Grafana has no such data source${message === '' ? '' : `: ${message}`}`,
      'see what provisioning did with `pgmon logs grafana`',
    );
  }
  if (status === 200 && asText(at(answer, 'status')).toUpperCase() === 'OK') return null;
  const words = message === '' ? `HTTP ${status}` : message;
  return fail(DATA_SOURCE_UID, `Grafana cannot use it: ${words}`, 'see why with `pgmon logs grafana`');
}

/** The number that a `/api/ds/query` answer holds in its first frame, or the error it tells. */
export function readQueryAnswer({
  status,
  body,
}: Pick<HttpResponse, 'status' | 'body'>): { readonly value: number } | { readonly error: string } {
  const answer = parseBody(body);
  const result = at(answer, 'results', 'A');
  const error = asText(at(result, 'error')) || asText(at(answer, 'message'));
  if (status !== 200 || error !== '') return { error: error === '' ? `HTTP ${status}` : error };
  const [frame] = asList(at(result, 'frames'));
  const fields = asList(at(frame, 'schema', 'fields'));
  const columns = asList(at(frame, 'data', 'values'));
  const index = fields.findIndex((field) => asText(at(field, 'type')) === 'number');
  const value = asList(columns[index === -1 ? columns.length - 1 : index]).at(-1);
  return typeof value === 'number' ? { value } : { error: 'no data' };
}

function queryRequest(intervalMs: number): ServiceRequest {
  const datasource = { type: 'prometheus', uid: DATA_SOURCE_UID };
  const query = {
    refId: 'A',
    datasource,
    expr: QUERY,
    instant: true,
    range: false,
    intervalMs,
    maxDataPoints: 1,
  };
  return {
    path: '/api/ds/query',
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ queries: [query], from: 'now-5m', to: 'now' }),
    timeoutMs: 10_000,
  };
}

async function look(context: VerifyContext, grafana: Grafana): Promise<Finding> {
  const password = context.secrets.get(grafana.adminPassword);
  if (password === undefined)
    return fail(DATA_SOURCE_UID, 'the admin password has not been made yet', 'run `pgmon up`');
  const send = (request: ServiceRequest) =>
    ask(context, 'grafana', { ...request, basicAuth: { user: grafana.adminUser, password } });
  const problem = judgeDataSourceHealth(
    await send({ path: `/api/datasources/uid/${DATA_SOURCE_UID}/health`, timeoutMs: 10_000 }),
  );
  if (problem !== null) return problem;
  const { host, signal, deadlineMs, stack } = context;
  const answer = await settle({ clock: host.clock, signal, deadlineMs }, async () => {
    const value = readQueryAnswer(await send(queryRequest(stack.scrape.intervalSeconds * 1000)));
    return { value, isSettled: !('error' in value) || value.error !== 'no data' };
  });
  if ('error' in answer) {
    return fail(
      DATA_SOURCE_UID,
      `healthy, but the query ${QUERY} through it failed: ${answer.error}`,
      'see why with `pgmon logs grafana`',
    );
  }
  return pass(DATA_SOURCE_UID, `healthy; ${QUERY} through it gives ${answer.value}`);
}

export const checkDataSource: CheckHop = (context) => {
  const { grafana } = context.stack;
  const part = { hop: 'data-source', subject: DATA_SOURCE_UID, absence: NO_GRAFANA } as const;
  return judgePart(context, part, grafana === null ? null : () => look(context, grafana));
};
