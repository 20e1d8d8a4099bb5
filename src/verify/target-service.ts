/** Which service of the stack a target is scraped from. Pure. */
import { JOBS, SERVICE_NAMES, type ServiceName } from '../conventions.ts';
import { serviceAddress } from '../host/service-client.ts';
import type { RenderedStack } from '../stack/rendered-stack.ts';

/** Jobs that ask servers, and the exporter that is asked for them. */
const EXPORTERS: Readonly<Record<string, ServiceName>> = {
  [JOBS.postgresql]: 'postgres-exporter',
  [JOBS.postgresqlSlow]: 'postgres-exporter-slow',
  [JOBS.postgresqlSql]: 'sql-exporter',
};

/** True for the jobs with one target per server. */
export function isServerJob(job: string): boolean {
  return Object.hasOwn(EXPORTERS, job);
}

/** What of a rendered stack tells where its services answer. */
export type Places = Pick<RenderedStack, 'runtime' | 'services'>;

/** Null for targets outside the stack. `address` is `host:port`; a server's own address does not matter, its exporter is asked. */
export function serviceOfTarget(
  { runtime, services }: Places,
  { job, address }: { readonly job: string; readonly address: string },
): ServiceName | null {
  const exporter = EXPORTERS[job];
  if (exporter !== undefined) return exporter;
  if (runtime === 'native') {
    return services.find((service) => serviceAddress(service) === address)?.name ?? null;
  }
  const host = address.replace(/:\d+$/, '');
  return SERVICE_NAMES.find((name) => name === host) ?? null;
}
