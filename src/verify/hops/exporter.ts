/** Hop `exporter`: the exporter reaches every server (`pg_up` 1) and each collector works, asked the way Prometheus asks it. */
import pLimit from 'p-limit';
import { JOBS } from '../../conventions.ts';
import { containerOf } from '../../providers/provider.ts';
import type { Server } from '../../stack/stack.ts';
import { type Cause, causeOf, findCause } from '../causes.ts';
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
  type VerifyContext,
} from '../verify-context.ts';

/** A server that is down keeps its probe for a second or more. */
const MAX_PARALLEL = 32;
const LOG_LINES = 60;
const METRICS = ['pg_up', 'pg_exporter_last_scrape_error', 'pg_scrape_collector_success'];

/** `/probe?target=…&auth_module=…` as Prometheus asks it; `address` is the rendered target. */
export function probePath(server: string, address: string): string {
  return `/probe?${new URLSearchParams({ target: address, auth_module: server })}`;
}

/** The verdict about one probe's samples; `findReason` is asked only when the server is down for the exporter. */
export async function judgeProbe(
  server: string,
  samples: readonly Sample[],
  findReason: () => Promise<Cause | null>,
): Promise<Finding> {
  if (sampleValue(samples, 'pg_up') !== 1) {
    const reason = await findReason();
    const words = reason === null ? '' : `: ${reason.words}`;
    return fail(server, `pg_up is 0${words}`, reason?.hint ?? 'see why with `pgmon logs postgres-exporter`');
  }
  if (sampleValue(samples, 'pg_exporter_last_scrape_error') === 1) {
    return fail(
      server,
      'pg_up is 1, but the last scrape had an error',
      'see why with `pgmon logs postgres-exporter`',
    );
  }
  const collectors = samples.filter((sample) => sample.name === 'pg_scrape_collector_success');
  if (collectors.length === 0) {
    return fail(server, 'pg_up is 1, but no collector ran', `look for too many connections on ${server}`);
  }
  const failed = collectors
    .filter((sample) => sample.value !== 1)
    .map((sample) => sample.labels.collector ?? '?');
  if (failed.length > 0) {
    const hint = `grant pg_monitor or create the extension they need on ${server}, or name them in postgresExporter.collectors.disable`;
    return fail(
      server,
      `pg_up is 1, but ${failed.length} of ${collectors.length} collectors fail: ${failed.join(', ')}`,
      hint,
    );
  }
  return pass(server, `pg_up is 1, ${collectors.length} collectors succeed`);
}

function decoded(address: string): string {
  try {
    return decodeURIComponent(address);
  } catch {
    return address;
  }
}

/** The cause that the exporter's newest log line about this target tells; `address` is the rendered target. */
export function causeInLog(lines: readonly string[], server: string, address: string): Cause | null {
  const target = decoded(address);
  const marks = [`target=${target} `, `target="${target}" `];
  for (const line of lines.toReversed()) {
    const cause = marks.some((mark) => line.includes(mark)) ? findCause(line, server) : null;
    if (cause !== null) return cause;
  }
  return null;
}

/** A server on this machine may listen where this machine reaches it and a container does not. */
export function fromContainer(
  cause: Cause | null,
  { name, host, scrapeHost }: Pick<Server, 'name' | 'host' | 'scrapeHost'>,
): Cause | null {
  const isOutside = cause?.kind === 'refused' || cause?.kind === 'timeout';
  if (cause === null || !isOutside || host === scrapeHost) return cause;
  const hint = `the exporter's container reaches this machine as ${scrapeHost}: let ${name} listen there too (listen_addresses or the published port, pg_hba.conf), not on ${host} alone`;
  return { ...cause, hint };
}

async function recentLog(context: VerifyContext): Promise<readonly string[]> {
  const container = containerOf(context.world, 'postgres-exporter');
  if (container === null) return [];
  const lines: string[] = [];
  const options = { tail: LOG_LINES, follow: false, timestamps: false };
  for await (const line of context.provider.logs([container], options, context.signal)) lines.push(line.text);
  return lines;
}

async function look(context: VerifyContext, server: Server, address: string | undefined): Promise<Finding> {
  if (address === undefined) return fail(server.name, 'no target was rendered for it', 'run `pgmon render`');
  const timeoutMs = Math.max(5, context.stack.scrape.timeoutSeconds) * 1000;
  const path = probePath(server.name, address);
  const response = await ask(context, 'postgres-exporter', { path, timeoutMs }).catch((error: unknown) => {
    context.signal.throwIfAborted();
    return causeOf(error, 'postgres-exporter');
  });
  // It is the exporter that did not answer here, not the server.
  if (!('status' in response))
    return fail(server.name, `postgres-exporter: ${response.words}`, response.hint);
  if (response.status !== 200) {
    const hint = 'the exporter does not know this server: run `pgmon up`';
    return fail(server.name, `the exporter answered HTTP ${response.status}`, hint);
  }
  // The log names the target, not the server: two logins to one target cannot be told apart in it.
  const isShared = context.targets.filter((each) => each.address === address).length > 1;
  return judgeProbe(server.name, samplesOf(response.body, METRICS), async () =>
    isShared ? null : fromContainer(causeInLog(await recentLog(context), server.name, address), server),
  );
}

export const checkExporter: CheckHop = (context) => {
  const limit = pLimit(MAX_PARALLEL);
  const own = context.targets.filter(({ job }) => job === JOBS.postgresql);
  const addresses = new Map(own.map(({ labels, address }) => [labels.instance, address]));
  const isPublished = isReachable(context.rendered, 'postgres-exporter');
  const reason = `postgres-exporter publishes no port on this machine; target/${JOBS.postgresql} shows what Prometheus gets`;
  return Promise.all(
    context.stack.servers.map((server) =>
      limit(() =>
        judge(context, 'exporter', server.name, async () =>
          isPublished ? look(context, server, addresses.get(server.name)) : skip(server.name, reason),
        ),
      ),
    ),
  );
};
