/** Waits until a service serves: looks at once, then at short and growing intervals, and stops as soon as it cannot come any more. */
import { ApplyError, CancelledError } from '../errors.ts';
import type { ObservedContainer } from '../providers/provider.ts';
import type { Service } from '../stack/rendered-stack.ts';
import { createScrubber } from '../stack/scrubber.ts';
import type { ApplyDeps } from './apply-deps.ts';
import { probeService } from './probe-service.ts';

type WaitDeps = Pick<ApplyDeps, 'provider' | 'host' | 'readyTimeoutMs'>;

export interface Awaited {
  readonly service: Service;
  readonly containerId: string;
  readonly secrets: ReadonlyMap<string, string>;
}

/** A program inside a container costs more than a request; it is run less often. */
const INTERVALS = {
  http: { first: 20, last: 100 },
  exec: { first: 50, last: 150 },
  running: { first: 20, last: 100 },
} as const;
const GROWTH = 1.3;
const INSPECT_EVERY_MS = 100;
/** A service may crash while another one is not there yet; three starts without success are a pattern. */
const MAX_STARTS = 3;
const LOG_LINES = 20;

/** Last lines of a service's log, without secret values; empty when they cannot be had. */
export async function lastLogLines(
  deps: Pick<WaitDeps, 'provider'>,
  container: ObservedContainer,
  secrets: ReadonlyMap<string, string>,
): Promise<readonly string[]> {
  const lines: string[] = [];
  const scrub = createScrubber(secrets.values());
  try {
    const options = { tail: LOG_LINES, follow: false, timestamps: false };
    for await (const line of deps.provider.logs([container], options, AbortSignal.timeout(5000)))
      lines.push(scrub(line.text));
  } catch {
    // The error that these lines belong to says more than their absence.
  }
  return lines.slice(-LOG_LINES);
}

/** Why waiting is pointless; null while there is hope. */
function endReason(container: ObservedContainer | null, starts: ReadonlySet<number | null>): string | null {
  if (container === null) return 'it is gone';
  if (container.status === 'exited' || container.status === 'dead')
    return `it ${container.status} with code ${container.exitCode ?? 'unknown'}`;
  if (container.health === 'unhealthy') return 'its healthcheck says unhealthy';
  if (starts.size >= MAX_STARTS) return 'it keeps crashing and restarting';
  return null;
}

async function failure(
  deps: WaitDeps,
  { service, secrets }: Awaited,
  container: ObservedContainer | null,
  reason: string,
) {
  const logLines = container === null ? [] : await lastLogLines(deps, container, secrets);
  return new ApplyError(`${service.name} does not serve: ${reason}`, `wait ${service.name}`, {
    code: 'not-ready',
    hint: `read what it says with \`pgmon logs ${service.name}\` after a run with --keep-on-failure`,
    logLines,
  });
}

function refuseCancelled(signal: AbortSignal): void {
  if (signal.aborted) throw signal.reason instanceof CancelledError ? signal.reason : new CancelledError();
}

/** Resolves when the service serves; rejects with ApplyError carrying its last log lines and the last answer. */
export async function waitReady(deps: WaitDeps, awaited: Awaited, signal: AbortSignal): Promise<void> {
  const { provider, host, readyTimeoutMs } = deps;
  const { kind } = awaited.service.readiness;
  const { first, last } = INTERVALS[kind];
  const endMs = host.clock.now() + readyTimeoutMs;
  const starts = new Set<number | null>();
  let inspectedMs = Number.NEGATIVE_INFINITY;
  let container: ObservedContainer | null = null;
  for (let pauseMs: number = first; ; pauseMs = Math.min(last, pauseMs * GROWTH)) {
    refuseCancelled(signal);
    const probe = await probeService(deps, awaited, container, signal);
    if (probe.isReady) return;
    refuseCancelled(signal);
    if (host.clock.now() - inspectedMs >= INSPECT_EVERY_MS) {
      container = await provider.inspect(awaited.containerId, signal);
      inspectedMs = host.clock.now();
      // A start that fails before the program runs has no time of its own.
      starts.add(container?.restarts ?? container?.startedAtMs ?? null);
      const reason = endReason(container, starts);
      if (reason !== null)
        throw await failure(deps, awaited, container, `${reason} (last answer: ${probe.answer})`);
    }
    if (host.clock.now() >= endMs) {
      throw await failure(
        deps,
        awaited,
        container,
        `no success within ${readyTimeoutMs / 1000} s (last answer: ${probe.answer})`,
      );
    }
    await host.clock.sleep(pauseMs, signal).catch((error: unknown) => {
      refuseCancelled(signal);
      throw error;
    });
  }
}
