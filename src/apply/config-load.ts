/** Asks a running service when it last loaded its configuration and whether that went well, from its own metrics. */
import type { Host } from '../host/host.ts';
import { requestService } from '../host/service-client.ts';
import type { Service } from '../stack/rendered-stack.ts';

export interface LoadState {
  /** Milliseconds since the epoch. */
  readonly loadedAtMs: number;
  readonly isSuccessful: boolean;
}

function metricValue(text: string, name: string): number | null {
  const line = text.split('\n').find((one) => one.startsWith(`${name} `) || one.startsWith(`${name}{`));
  const value = Number(line?.trim().split(' ').at(-1));
  return line === undefined || Number.isNaN(value) ? null : value;
}

/** Null when the service has no such metrics or does not answer. */
export async function readLoadState(
  host: Pick<Host, 'http'>,
  service: Service,
  secrets: ReadonlyMap<string, string>,
  signal: AbortSignal,
): Promise<LoadState | null> {
  const reaction = service.configInputs.map((input) => input.reaction).find((one) => one.kind === 'reload');
  if (reaction?.kind !== 'reload') return null;
  try {
    const { status, body } = await requestService(host, service, secrets, {
      path: '/metrics',
      timeoutMs: 3000,
      signal,
    });
    const seconds = status === 200 ? metricValue(body, reaction.loadedAtMetric) : null;
    if (seconds === null) return null;
    return { loadedAtMs: seconds * 1000, isSuccessful: metricValue(body, reaction.successMetric) === 1 };
  } catch (error) {
    if (signal.aborted) throw error;
    // No answer is an answer here: the plan then reloads the service and waits for it.
    return null;
  }
}
