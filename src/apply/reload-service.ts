/** Tells a running service to load its configuration again, and waits until it says that it did. */
import { ApplyError } from '../errors.ts';
import type { ObservedContainer } from '../providers/provider.ts';
import type { Service } from '../stack/rendered-stack.ts';
import { type ApplyDeps, uninterrupted } from './apply-deps.ts';
import { type LoadState, readLoadState } from './config-load.ts';
import { lastLogLines } from './wait-ready.ts';

interface Reload {
  readonly service: Service;
  readonly container: ObservedContainer;
  readonly secrets: ReadonlyMap<string, string>;
}

const FIRST_PAUSE_MS = 20;
const LAST_PAUSE_MS = 200;
/** When it had failed already before, its word "failed" is taken as new only after this time. */
const STALE_FAILURE_MS = 3000;
const LIMIT_MS = 30_000;

type Verdict = 'loaded' | 'refused' | 'ended' | 'open';

const REASONS = {
  refused: 'it refuses the new configuration',
  ended: 'it ended',
  open: 'it does not say that it has loaded it',
} as const;

function judge(before: LoadState | null, now: LoadState | null, elapsedMs: number): Verdict {
  if (now === null) return 'open';
  if (now.loadedAtMs > (before?.loadedAtMs ?? 0)) return 'loaded';
  const isFresh = before?.isSuccessful === true || elapsedMs > STALE_FAILURE_MS;
  return !now.isSuccessful && isFresh ? 'refused' : 'open';
}

/** Rejects with ApplyError carrying the last log lines when the service refuses the configuration. */
export async function reloadService(
  deps: ApplyDeps,
  { service, container, secrets }: Reload,
  signal: AbortSignal,
): Promise<void> {
  const { provider, host } = deps;
  const before = await readLoadState(host, service, secrets, signal);
  await provider.reload(container.id, uninterrupted());
  const beginMs = host.clock.now();
  let verdict: Verdict = 'open';
  for (let pauseMs = FIRST_PAUSE_MS; verdict === 'open'; pauseMs = Math.min(LAST_PAUSE_MS, pauseMs * 1.5)) {
    const elapsedMs = host.clock.now() - beginMs;
    if (elapsedMs > Math.min(LIMIT_MS, deps.readyTimeoutMs)) break;
    verdict = judge(before, await readLoadState(host, service, secrets, signal), elapsedMs);
    if (verdict === 'open' && (await provider.inspect(container.id, signal))?.status !== 'running')
      verdict = 'ended';
    if (verdict === 'open') await host.clock.sleep(pauseMs, signal);
  }
  if (verdict === 'loaded') return;
  throw new ApplyError(`cannot reload ${service.name}: ${REASONS[verdict]}`, `reload ${service.name}`, {
    code: 'reload-failed',
    hint: `see what it says with \`pgmon logs ${service.name}\``,
    logLines: await lastLogLines(deps, container, secrets),
  });
}
