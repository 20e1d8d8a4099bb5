/** Which service of the stack a target is scraped from. Pure. */
import { JOBS, SERVICE_NAMES, type ServiceName } from '../conventions.ts';

/** Null for targets outside the stack. `address` is `host:port`; a server's own address does not matter, its exporter is asked. */
export function serviceOfTarget(job: string, address: string): ServiceName | null {
  if (job === JOBS.postgresql) return 'postgres-exporter';
  const host = address.replace(/:\d+$/, '');
  return SERVICE_NAMES.find((name) => name === host) ?? null;
}
