/** Looks at a stack as it is right now: services, targets, data source, alerts. Judges nothing and waits for nothing; parts that are down are shown as not seen. */
import { DATA_SOURCE_UID, type ServiceName } from '../conventions.ts';
import { CancelledError } from '../errors.ts';
import { serviceUrl } from '../host/service-client.ts';
import { containerOf, type ObservedContainer } from '../providers/provider.ts';
import { imagesOf } from '../stack/images-of.ts';
import type { Service } from '../stack/rendered-stack.ts';
import type { Runtime } from '../stack/stack.ts';
import { causeOf } from './causes.ts';
import { judgeDataSourceHealth } from './hops/data-source.ts';
import { type ActiveAlert, readAlerts } from './prometheus-api.ts';
import { observeTargets, type TargetStatus } from './target-status.ts';
import { ask, askJson, type VerifyDeps, type VerifyInput } from './verify-context.ts';

export interface ServiceStatus {
  readonly service: ServiceName;
  /** `absent` = no container or unit. */
  readonly status: ObservedContainer['status'] | 'absent';
  readonly health: ObservedContainer['health'];
  readonly uptimeMs: number | null;
  /** Natively the path of its program. */
  readonly image: string;
  readonly version: string | null;
  /** Where it answers on this machine: a URL or `host:port`. */
  readonly address: string | null;
}

export interface DataSourceStatus {
  readonly uid: string;
  readonly isHealthy: boolean;
  readonly detail: string;
}

/** A part that could be seen, or why it could not. */
export type Seen<T> =
  | { readonly isSeen: true; readonly value: T }
  | { readonly isSeen: false; readonly reason: string };

export interface StackStatus {
  readonly runtime: Runtime;
  readonly services: readonly ServiceStatus[];
  readonly targets: Seen<readonly TargetStatus[]>;
  /** Firing and pending ones. */
  readonly alerts: Seen<readonly ActiveAlert[]>;
  /** Null when the stack runs without Grafana. */
  readonly dataSource: DataSourceStatus | null;
}

export type StatusDeps = Pick<VerifyDeps, 'host' | 'provider' | 'signal'>;

function addressOf(service: Service): string | null {
  const [port] = service.ports;
  return serviceUrl(service) ?? (port === undefined ? null : `${port.address}:${port.hostPort}`);
}

/** The workload runs in PostgreSQL's image. */
function versionOf(
  service: Service,
  images: ReadonlyMap<string, { readonly version: string }>,
): string | null {
  if (service.program !== null) return service.program.version;
  const name = service.name === 'workload' ? 'postgres' : service.name;
  return images.get(name)?.version ?? null;
}

async function seen<T>(signal: AbortSignal, name: string, look: () => Promise<T>): Promise<Seen<T>> {
  try {
    return { isSeen: true, value: await look() };
  } catch (error) {
    if (signal.aborted) throw new CancelledError('interrupted', { cause: error });
    return { isSeen: false, reason: `${name}: ${causeOf(error, name).words}` };
  }
}

/** True when every service runs and every target is up. */
export function isAllWell(status: StackStatus): boolean {
  const doAllRun = status.services.every(
    (service) => service.status === 'running' && service.health !== 'unhealthy',
  );
  return doAllRun && status.targets.isSeen && status.targets.value.every(({ health }) => health === 'up');
}

/** True when no service has a container or unit. */
export function isAbsent(status: StackStatus): boolean {
  return status.services.every((service) => service.status === 'absent');
}

/** Rejects with EnvironmentError when the provider cannot be asked. */
export async function observeStatus(deps: StatusDeps, input: VerifyInput): Promise<StackStatus> {
  const { stack, rendered, outDir } = input;
  const { services, networks, volumes } = rendered;
  const context = { ...deps, ...input };
  const images = new Map<string, { readonly version: string }>(imagesOf(stack));
  const nowMs = () => deps.host.clock.now();

  const lookAtDataSource = async (): Promise<DataSourceStatus | null> => {
    const { grafana } = stack;
    if (grafana === null) return null;
    const basicAuth = { user: grafana.adminUser, password: input.secrets.get(grafana.adminPassword) ?? '' };
    const path = `/api/datasources/uid/${DATA_SOURCE_UID}/health`;
    const answer = await seen(deps.signal, 'grafana', () => ask(context, 'grafana', { path, basicAuth }));
    if (!answer.isSeen) return { uid: DATA_SOURCE_UID, isHealthy: false, detail: answer.reason };
    const problem = judgeDataSourceHealth(answer.value);
    return { uid: DATA_SOURCE_UID, isHealthy: problem === null, detail: problem?.detail ?? 'healthy' };
  };

  // Prometheus then has no alerting rules, and "none" of its would not mean that all is well.
  const doesGrafanaEvaluate = stack.alerts.engine === 'grafana' && stack.grafana !== null;
  const lookAtAlerts = async (): Promise<Seen<readonly ActiveAlert[]>> =>
    doesGrafanaEvaluate
      ? { isSeen: false, reason: 'Grafana evaluates them: see Alerting in Grafana' }
      : seen(deps.signal, 'prometheus', async () =>
          readAlerts(await askJson(context, 'prometheus', { path: '/api/v1/alerts' })),
        );

  const [world, targets, alerts, dataSource] = await Promise.all([
    deps.provider.observe({ stackName: stack.name, outDir, services, networks, volumes }, deps.signal),
    seen(deps.signal, 'prometheus', () => observeTargets(context, rendered.files, nowMs())),
    lookAtAlerts(),
    lookAtDataSource(),
  ]);
  const statuses = services.map((service): ServiceStatus => {
    const container = containerOf(world, service.name);
    const isRunning = container?.status === 'running' && container.startedAtMs !== null;
    return {
      service: service.name,
      status: container?.status ?? 'absent',
      health: container?.health ?? 'none',
      uptimeMs: isRunning ? nowMs() - (container.startedAtMs ?? 0) : null,
      image: service.program?.path ?? container?.imageReference ?? service.image,
      version: versionOf(service, images),
      address: addressOf(service),
    };
  });
  return { runtime: stack.runtime, services: statuses, targets, alerts, dataSource };
}
