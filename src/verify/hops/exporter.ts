/**
 * Hop `exporter`: the exporters reach every server (`pg_up` 1) and each collector and query works, asked the way Prometheus
 * asks. A server that is down for the first one is not asked for again: one server is one problem.
 */
import pLimit from 'p-limit';
import { CONTAINER_PORTS, JOBS, type ServiceName } from '../../conventions.ts';
import { tierTimes } from '../../stack/job-times.ts';
import type { Server } from '../../stack/stack.ts';
import { askInside, type InsideAnswer } from '../ask-inside.ts';
import { type Cause, causeOf } from '../causes.ts';
import type { CheckResult } from '../check-result.ts';
import { type Sample, samplesOf, sampleValue } from '../exposition.ts';
import {
  ask,
  type CheckHop,
  type Finding,
  fail,
  isReachable,
  judge,
  pass,
  skip,
  toResult,
  type VerifyContext,
} from '../verify-context.ts';
import { causeInLog, fromContainer, recentLog } from './exporter-log.ts';
import { lookSql, type Probed } from './exporter-sql.ts';

/** A server that is down keeps its probe for a second or more. */
const MAX_PARALLEL = 32;
const PG_DOWN = 'pg_up is 0';
const NOT_PUBLISHED = `postgres-exporter publishes no port on this machine; target/${JOBS.postgresql} shows what Prometheus gets`;
const METRICS = ['pg_up', 'pg_exporter_last_scrape_error', 'pg_scrape_collector_success'];

/** `/probe?target=…&auth_module=…` as Prometheus asks it; `address` is the rendered target. */
export function probePath(server: string, address: string): string {
  return `/probe?${new URLSearchParams({ target: address, auth_module: server })}`;
}

/** The verdict about one probe's samples; `findReason` is asked only when the server is down for the exporter. */
export async function judgeProbe(
  {
    server,
    subject,
    service,
  }: { readonly server: string; readonly subject: string; readonly service: string },
  samples: readonly Sample[],
  findReason: () => Promise<Cause | null>,
): Promise<Finding> {
  const logs = `see why with \`pgmon logs ${service}\``;
  if (sampleValue(samples, 'pg_up') !== 1) {
    const reason = await findReason();
    const words = reason === null ? '' : `: ${reason.words}`;
    return fail(subject, `${PG_DOWN}${words}`, reason?.hint ?? logs);
  }
  if (sampleValue(samples, 'pg_exporter_last_scrape_error') === 1) {
    return fail(subject, 'pg_up is 1, but the last scrape had an error', logs);
  }
  const collectors = samples.filter((sample) => sample.name === 'pg_scrape_collector_success');
  if (collectors.length === 0) {
    return fail(subject, 'pg_up is 1, but no collector ran', `look for too many connections on ${server}`);
  }
  const failed = collectors
    .filter((sample) => sample.value !== 1)
    .map((sample) => sample.labels.collector ?? '?');
  if (failed.length > 0) {
    const hint = `grant pg_monitor or create the extension they need on ${server}, or name them in postgresExporter.collectors.disable`;
    return fail(
      subject,
      `pg_up is 1, but ${failed.length} of ${collectors.length} collectors fail: ${failed.join(', ')}`,
      hint,
    );
  }
  const verdict =
    collectors.length === 1 ? 'its one collector succeeds' : `all ${collectors.length} collectors succeed`;
  return pass(subject, `pg_up is 1, ${verdict}`);
}

/** Judges the samples that one of the exporter's processes gave for a server. */
function judgeBody(
  context: VerifyContext,
  probed: Probed,
  { service, body }: { readonly service: ServiceName; readonly body: string },
): Promise<Finding> {
  const { server, address, subject } = probed;
  // The log names the target, not the server: two logins to one target cannot be told apart in it.
  const sameJob = context.targets.filter(({ job }) => job === JOBS.postgresql);
  const isShared = sameJob.filter((each) => each.address === address).length > 1;
  return judgeProbe({ server: server.name, subject, service }, samplesOf(body, METRICS), async () =>
    isShared
      ? null
      : fromContainer(causeInLog(await recentLog(context, service), server.name, address), server),
  );
}

async function lookFast(context: VerifyContext, probed: Probed): Promise<Finding> {
  const { server, address, subject } = probed;
  if (!isReachable(context.rendered, 'postgres-exporter')) return skip(subject, NOT_PUBLISHED);
  const timeoutMs = Math.max(5, context.stack.scrape.timeoutSeconds) * 1000;
  const path = probePath(server.name, address);
  const response = await ask(context, 'postgres-exporter', { path, timeoutMs }).catch((error: unknown) => {
    context.signal.throwIfAborted();
    return causeOf(error, 'postgres-exporter');
  });
  // It is the exporter that did not answer here, not the server.
  if (!('status' in response)) return fail(subject, `postgres-exporter: ${response.words}`, response.hint);
  if (response.status !== 200) {
    const hint =
      'the exporter does not know this server: run `pgmon up`; if that changes nothing, its log says why it did not read its configuration';
    return fail(subject, `the exporter answered HTTP ${response.status}`, hint);
  }
  return judgeBody(context, probed, { service: 'postgres-exporter', body: response.body });
}

/** A container of this exporter publishes no port: it is asked from the inside. */
async function askSlow(
  context: VerifyContext,
  { path, timeoutMs }: { readonly path: string; readonly timeoutMs: number },
): Promise<InsideAnswer> {
  const service = 'postgres-exporter-slow';
  if (!isReachable(context.rendered, service)) {
    const url = `http://127.0.0.1:${CONTAINER_PORTS['postgres-exporter']}${path}`;
    return askInside(context, service, { url, timeoutMs });
  }
  try {
    const { status, body } = await ask(context, service, { path, timeoutMs });
    return status === 200 ? { body } : { problem: `HTTP ${status}` };
  } catch (error) {
    context.signal.throwIfAborted();
    return { problem: causeOf(error, service).words };
  }
}

async function lookSlow(context: VerifyContext, probed: Probed): Promise<Finding> {
  const service = 'postgres-exporter-slow';
  const timeoutMs = Math.max(5, tierTimes(context.stack, 'slow').timeoutSeconds) * 1000;
  const answer = await askSlow(context, { path: probePath(probed.server.name, probed.address), timeoutMs });
  if ('problem' in answer) {
    return fail(probed.subject, `${service}: ${answer.problem}`, `see why with \`pgmon logs ${service}\``);
  }
  return judgeBody(context, probed, { service, body: answer.body });
}

/** What the three exporters see of one server; the slower two are left out when it is down. */
async function lookAtServer(context: VerifyContext, server: Server): Promise<readonly CheckResult[]> {
  const own = context.targets.find(
    ({ job, labels }) => job === JOBS.postgresql && labels.instance === server.name,
  );
  if (own === undefined) {
    const finding = fail(server.name, 'no target was rendered for it', 'run `pgmon render`');
    return [toResult('exporter', finding, 0)];
  }
  const judgeOne = (subject: string, look: (context: VerifyContext, probed: Probed) => Promise<Finding>) =>
    judge(context, 'exporter', subject, () => look(context, { server, address: own.address, subject }));
  const first = await judgeOne(server.name, lookFast);
  const isDown = first.status === 'fail' && first.detail.startsWith(PG_DOWN);
  const others = [
    { subject: `${server.name}/slow`, look: lookSlow },
    ...(context.stack.sqlExporter === null ? [] : [{ subject: `${server.name}/sql`, look: lookSql }]),
  ];
  if (isDown) {
    const reason = `the server is down: see exporter/${server.name}`;
    return [first, ...others.map(({ subject }) => toResult('exporter', skip(subject, reason), 0))];
  }
  return [first, ...(await Promise.all(others.map(({ subject, look }) => judgeOne(subject, look))))];
}

export const checkExporter: CheckHop = async (context) => {
  const limit = pLimit(MAX_PARALLEL);
  const results = await Promise.all(
    context.stack.servers.map((server) => limit(() => lookAtServer(context, server))),
  );
  return results.flat();
};
