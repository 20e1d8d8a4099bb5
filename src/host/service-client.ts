/** Speaks HTTP to a service of the stack through its published port, with the TLS and credentials that it asks for. */
import type { Readiness, Service } from '../stack/rendered-stack.ts';
import type { Host, HttpResponse } from './host.ts';

export interface ServiceRequest {
  readonly path: string;
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly timeoutMs?: number;
  readonly basicAuth?: { readonly user: string; readonly password: string };
  readonly signal?: AbortSignal;
}

/** `127.0.0.1:9090` as reachable from this machine, or null when the service is not published or speaks no HTTP. */
export function serviceAddress(service: Pick<Service, 'readiness' | 'ports'>): string | null {
  if (service.readiness.kind !== 'http') return null;
  const { containerPort } = service.readiness;
  const mapping = service.ports.find((port) => port.containerPort === containerPort);
  if (mapping === undefined) return null;
  const anyAddress: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '[::1]' };
  const address =
    anyAddress[mapping.address] ?? (mapping.address.includes(':') ? `[${mapping.address}]` : mapping.address);
  return `${address}:${mapping.hostPort}`;
}

/** `http://127.0.0.1:9090`, or null as `serviceAddress`. */
export function serviceUrl(service: Service): string | null {
  const address = serviceAddress(service);
  return address === null || service.readiness.kind !== 'http'
    ? null
    : `${service.readiness.scheme}://${address}`;
}

function access(readiness: Extract<Readiness, { kind: 'http' }>, secrets: ReadonlyMap<string, string>) {
  const { basicAuth, ca, serverName } = readiness;
  const password = basicAuth === null ? undefined : secrets.get(basicAuth.password);
  const authority = ca === null ? undefined : secrets.get(ca);
  return {
    ...(basicAuth !== null && password !== undefined && { basicAuth: { user: basicAuth.user, password } }),
    ...(authority !== undefined && { ca: authority }),
    ...(serverName !== null && { serverName }),
  };
}

/** Sends a request to a service; rejects like `Host.http`. `secrets` holds values by secret id. */
export async function requestService(
  host: Pick<Host, 'http'>,
  service: Service,
  secrets: ReadonlyMap<string, string>,
  request: ServiceRequest,
): Promise<HttpResponse> {
  const base = serviceUrl(service);
  if (base === null || service.readiness.kind !== 'http') {
    throw Object.assign(new Error(`${service.name} is not published on this machine`), {
      code: 'NOT_PUBLISHED',
    });
  }
  const { path, ...rest } = request;
  return host.http({ ...access(service.readiness, secrets), ...rest, url: `${base}${path}` });
}
