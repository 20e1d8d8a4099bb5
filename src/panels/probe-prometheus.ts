/** Does the stack's Prometheus answer at all? Asked in short time before anything that would be waited for long. */
import { ask } from '../verify/verify-context.ts';
import type { Asking } from './query-prometheus.ts';

const TIMEOUT_MS = 5000;

/** Rejects as `Host.http` does when no answer comes within five seconds; any answer will do. */
export async function probePrometheus(context: Asking): Promise<void> {
  await ask(context, 'prometheus', { path: '/-/ready', timeoutMs: TIMEOUT_MS });
}
