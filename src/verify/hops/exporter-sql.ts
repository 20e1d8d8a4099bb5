/** The part of hop `exporter` that asks pgmon's SQL exporter: it knows the server, and each of its queries works. */

import { tierTimes } from '../../stack/job-times.ts';
import type { Server } from '../../stack/stack.ts';
import { causeOf } from '../causes.ts';
import { type Sample, samplesOf } from '../exposition.ts';
import { ask, type Finding, fail, isReachable, pass, skip, type VerifyContext } from '../verify-context.ts';

/** What a look at one exporter of one server is about. */
export interface Probed {
  readonly server: Server;
  /** The rendered target. */
  readonly address: string;
  readonly subject: string;
}

const SUCCESS = 'pgmon_sql_query_success';

/** `transactions`, or `tables in app` for a query of one database. */
function queryName({ labels }: Sample): string {
  const { query = '?', datname = '' } = labels;
  return datname === '' ? query : `${query} in ${datname}`;
}

/** The verdict about what the SQL exporter gave for a server. */
export function judgeQueries({ server, subject }: Pick<Probed, 'server' | 'subject'>, body: string): Finding {
  const queries = samplesOf(body, [SUCCESS]);
  const logs = 'see why with `pgmon logs sql-exporter`';
  if (queries.length === 0) return fail(subject, 'the SQL exporter answered, but no query ran', logs);
  const failed = queries.filter(({ value }) => value !== 1);
  if (failed.length === 0) return pass(subject, `${queries.length} queries succeed`);
  const names = failed.map(queryName).join(', ');
  const hint = `${logs}; \`pgmon role verify\` names rights that ${server.user} lacks on ${server.name}`;
  return fail(subject, `${failed.length} of ${queries.length} queries fail: ${names}`, hint);
}

export async function lookSql(context: VerifyContext, probed: Probed): Promise<Finding> {
  const { server, subject } = probed;
  if (!isReachable(context.rendered, 'sql-exporter')) {
    return skip(subject, 'sql-exporter publishes no port on this machine');
  }
  const path = `/probe?${new URLSearchParams({ server: server.name })}`;
  const timeoutMs = Math.max(5, tierTimes(context.stack, 'slow').timeoutSeconds) * 1000;
  const response = await ask(context, 'sql-exporter', { path, timeoutMs }).catch((error: unknown) => {
    context.signal.throwIfAborted();
    return causeOf(error, 'sql-exporter');
  });
  // It is the exporter that did not answer here, not the server.
  if (!('status' in response)) return fail(subject, `sql-exporter: ${response.words}`, response.hint);
  if (response.status === 200) return judgeQueries(probed, response.body);
  const hint =
    response.status === 404 || response.status === 400
      ? 'the SQL exporter does not know this server: run `pgmon up`; if that changes nothing, its log says why it did not read its configuration'
      : 'see why with `pgmon logs sql-exporter`';
  return fail(subject, `the SQL exporter answered HTTP ${response.status}: ${response.body}`, hint);
}
