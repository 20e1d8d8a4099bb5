/** Asks a service once whether it serves, the way its readiness says. */
import { EnvironmentError } from '../errors.ts';
import type { Host } from '../host/host.ts';
import { requestService, serviceUrl } from '../host/service-client.ts';
import type { ObservedContainer, Provider } from '../providers/provider.ts';
import type { Service } from '../stack/rendered-stack.ts';

export interface Probe {
  readonly isReady: boolean;
  /** What came back, in words. */
  readonly answer: string;
}

interface Probed {
  readonly service: Service;
  readonly containerId: string;
  readonly secrets: ReadonlyMap<string, string>;
}

const PROBE_TIMEOUT_MS = 2000;
/** Starting a program in a container of a busy machine takes its time. */
const EXEC_TIMEOUT_MS = 10_000;

/** The codes by which a provider says that there is no daemon to ask any more. */
const LOST_CODES: readonly string[] = ['docker-unreachable', 'docker-permission'];

async function probeHttp(
  host: Pick<Host, 'http'>,
  probed: Probed,
  path: string,
  signal: AbortSignal,
): Promise<Probe> {
  try {
    const request = { path, timeoutMs: PROBE_TIMEOUT_MS, signal };
    const { status } = await requestService(host, probed.service, probed.secrets, request);
    return {
      isReady: status >= 200 && status < 300,
      answer: `HTTP ${status} on ${serviceUrl(probed.service)}${path}`,
    };
  } catch (error) {
    const reason =
      (error as NodeJS.ErrnoException).code ?? (error instanceof Error ? error.message : 'no answer');
    return { isReady: false, answer: `${reason} on ${serviceUrl(probed.service)}${path}` };
  }
}

async function probeExec(
  provider: Provider,
  id: string,
  command: readonly string[],
  signal: AbortSignal,
): Promise<Probe> {
  const late = AbortSignal.timeout(EXEC_TIMEOUT_MS);
  try {
    const either = AbortSignal.any([signal, late]);
    const { exitCode, stdout, stderr } = await provider.exec(id, command, {}, either);
    const said = `${stdout}${stderr}`.trim().split('\n').at(-1) ?? '';
    return {
      isReady: exitCode === 0,
      answer: `${command[0] ?? 'probe'} exit code ${exitCode}${said === '' ? '' : `: ${said}`}`,
    };
  } catch (error) {
    if (late.aborted && !signal.aborted)
      return {
        isReady: false,
        answer: `no answer from ${command[0] ?? 'probe'} within ${EXEC_TIMEOUT_MS / 1000} s`,
      };
    // The container is between two starts; the caller looks at its state and decides.
    if (signal.aborted || !(error instanceof EnvironmentError) || LOST_CODES.includes(error.code))
      throw error;
    return { isReady: false, answer: error.message };
  }
}

/** For what cannot be asked from here: the container's own state, as last seen by the caller. */
function probeState(container: ObservedContainer | null): Probe {
  if (container === null) return { isReady: false, answer: 'not looked at yet' };
  const isReady =
    container.status === 'running' && (container.health === 'none' || container.health === 'healthy');
  return { isReady, answer: `${container.status}, health ${container.health}` };
}

/** Never rejects for a service that is not ready; does when the daemon is lost or `signal` aborted. */
export async function probeService(
  deps: { readonly host: Pick<Host, 'http'>; readonly provider: Provider },
  probed: Probed,
  container: ObservedContainer | null,
  signal: AbortSignal,
): Promise<Probe> {
  const { readiness } = probed.service;
  switch (readiness.kind) {
    case 'http':
      return serviceUrl(probed.service) === null
        ? probeState(container)
        : probeHttp(deps.host, probed, readiness.path, signal);
    case 'exec':
      return probeExec(deps.provider, probed.containerId, readiness.command, signal);
    case 'running':
      return probeState(container);
  }
}
