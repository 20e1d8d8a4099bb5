/** Speaks HTTP to a service that is not published, by a program inside its container. */
import type { ServiceName } from '../conventions.ts';
import { containerOf } from '../providers/provider.ts';
import type { VerifyContext } from './verify-context.ts';

/** The answer's body, or why there is none. */
export type InsideAnswer = { readonly body: string } | { readonly problem: string };

/** Asks an address as the container sees it; rejects only when the daemon cannot be asked or the run is interrupted. */
export async function askInside(
  context: Pick<VerifyContext, 'world' | 'provider' | 'signal'>,
  service: ServiceName,
  { url, timeoutMs }: { readonly url: string; readonly timeoutMs: number },
): Promise<InsideAnswer> {
  const container = containerOf(context.world, service);
  if (container?.status !== 'running') return { problem: 'it does not run' };
  const timeout = AbortSignal.timeout(timeoutMs);
  const signal = AbortSignal.any([context.signal, timeout]);
  const command = ['wget', '-q', '-O', '-', url];
  try {
    const output = await context.provider.exec(container.id, command, {}, signal);
    if (output.exitCode === 0) return { body: output.stdout };
    const reason = output.stderr.trim();
    return { problem: reason === '' ? `wget ended with exit code ${output.exitCode}` : reason };
  } catch (error) {
    if (timeout.aborted) return { problem: `timeout: no answer within ${timeoutMs / 1000} s` };
    throw error;
  }
}
