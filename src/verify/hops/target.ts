/** Hop `target`: every target of every rendered job is up in Prometheus, with samples that are fresh. */

import { CancelledError } from '../../errors.ts';
import { containerOf } from '../../providers/provider.ts';
import { jobTimes } from '../../stack/job-times.ts';
import { causeOf, findCause } from '../causes.ts';
import { formatSpan } from '../duration.ts';
import type { ExpectedTarget } from '../expected.ts';
import { readTargets, type ScrapedTarget } from '../prometheus-api.ts';
import { settle } from '../settle.ts';
import { serviceOfTarget } from '../target-service.ts';
import {
  askJson,
  type CheckHop,
  type Finding,
  fail,
  pass,
  toResult,
  type VerifyContext,
} from '../verify-context.ts';

/** How long Prometheus may take to notice a changed file of targets. */
const DISCOVERY_MS = 10_000;
/** How long a service, or the server behind it, may take from its start until a scrape of it succeeds. */
const BOOT_MS = 15_000;

export interface Match {
  readonly expected: ExpectedTarget;
  readonly scraped: ScrapedTarget | null;
}

const key = (job: string, address: string) => `${job} ${address}`;

/** `postgresql/demo`, `node/10.0.0.5:9100`. */
export function targetSubject(target: ExpectedTarget): string {
  return `${target.job}/${target.labels.instance ?? target.address}`;
}

/** Finds each expected target among the scraped ones; null where Prometheus does not have it. */
export function matchTargets(
  expected: readonly ExpectedTarget[],
  scraped: readonly ScrapedTarget[],
): readonly Match[] {
  const byKey = new Map<string, ScrapedTarget[]>();
  for (const target of scraped) {
    const id = key(target.job, target.address);
    byKey.set(id, [...(byKey.get(id) ?? []), target]);
  }
  return expected.map((target) => {
    const wanted = Object.entries(target.labels);
    const candidates = byKey.get(key(target.job, target.address)) ?? [];
    const found = candidates.find(({ labels }) =>
      wanted.every(([name, value]) => (labels[name] ?? '') === value),
    );
    return { expected: target, scraped: found ?? null };
  });
}

/** The verdict about one target. */
export function judgeTarget(subject: string, target: ScrapedTarget | null, nowMs: number): Finding {
  if (target === null)
    return fail(subject, 'Prometheus does not have this target', 'apply the spec with `pgmon up`');
  if (target.lastScrapeMs === null || target.health === 'unknown') {
    return fail(
      subject,
      'not scraped yet',
      'check again after the scrape interval, or give --wait more seconds',
    );
  }
  if (target.health === 'down') {
    const cause = findCause(target.lastError, subject);
    const hint = cause?.hint ?? 'ask its /metrics yourself, and see its log (`pgmon logs`)';
    return fail(subject, `down: ${target.lastError === '' ? 'no reason given' : target.lastError}`, hint);
  }
  const ageMs = nowMs - target.lastScrapeMs;
  const limitMs = 2 * (target.intervalMs ?? 60_000) + (target.timeoutMs ?? 10_000);
  if (ageMs > limitMs) {
    const detail = `up, but the last scrape was ${formatSpan(ageMs)} ago (limit ${formatSpan(limitMs)})`;
    return fail(
      subject,
      detail,
      'Prometheus is overloaded or the clocks differ: see `pgmon logs prometheus`',
    );
  }
  return pass(subject, `up, scraped ${formatSpan(ageMs)} ago in ${formatSpan(target.durationMs)}`);
}

/**
 * True while the verdict may only be early: no scrape yet, or one from before its service served. `startedMs` of the
 * context is when the checks began; a job's first scrape comes within its own interval.
 */
export function isEarly(context: VerifyContext, { expected, scraped }: Match): boolean {
  const { world, stack, rendered, host, startedMs } = context;
  const nowMs = host.clock.now();
  const service = serviceOfTarget(rendered, expected);
  if (service !== null && containerOf(world, service) === null) return false;
  if (scraped === null) return nowMs < startedMs + DISCOVERY_MS;
  const times = jobTimes(stack, expected.job);
  const windowMs = (times.intervalSeconds + times.timeoutSeconds) * 1000;
  if (scraped.lastScrapeMs === null || scraped.health === 'unknown') {
    // It may have become known only just now.
    return nowMs < startedMs + DISCOVERY_MS + windowMs;
  }
  if (scraped.health === 'up' || service === null || scraped.lastScrapeMs >= startedMs) return false;
  const container = containerOf(world, service);
  if (container?.status !== 'running' || container.startedAtMs === null) return false;
  return nowMs - container.startedAtMs < windowMs + times.intervalSeconds * 1000 + BOOT_MS;
}

/** Every expected target with what Prometheus has of it right now. */
export async function findTargets(context: VerifyContext): Promise<readonly Match[]> {
  const path = '/api/v1/targets?state=active';
  const body = await askJson(context, 'prometheus', { path, timeoutMs: 15_000 });
  return matchTargets(context.targets, readTargets(body));
}

async function lookAll(context: VerifyContext): Promise<readonly Finding[]> {
  const { clock } = context.host;
  const { signal, deadlineMs } = context;
  const matches = await settle({ clock, signal, deadlineMs }, async () => {
    const value = await findTargets(context);
    return { value, isSettled: !value.some((match) => isEarly(context, match)) };
  });
  const nowMs = clock.now();
  return matches.map((match) => judgeTarget(targetSubject(match.expected), match.scraped, nowMs));
}

export const checkTargets: CheckHop = async (context) => {
  const { clock } = context.host;
  const startedMs = clock.now();
  const expected = context.targets;
  const findings = await lookAll(context).catch((error: unknown) => {
    if (context.signal.aborted) throw new CancelledError('interrupted', { cause: error });
    const cause = causeOf(error, 'prometheus');
    return expected.map((target) =>
      fail(targetSubject(target), `Prometheus does not tell: ${cause.words}`, cause.hint),
    );
  });
  return findings.map((finding) => toResult('target', finding, clock.now() - startedMs));
};
