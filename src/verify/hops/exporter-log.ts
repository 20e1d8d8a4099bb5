/** Why an exporter cannot reach a server, as its own log tells. */
import type { ServiceName } from '../../conventions.ts';
import { containerOf } from '../../providers/provider.ts';
import type { Server } from '../../stack/stack.ts';
import { type Cause, findCause } from '../causes.ts';
import type { VerifyContext } from '../verify-context.ts';

const LOG_LINES = 60;

function decoded(address: string): string {
  try {
    return decodeURIComponent(address);
  } catch {
    return address;
  }
}

/** The cause that the exporter's newest log line about this target tells; `address` is the rendered target. */
export function causeInLog(lines: readonly string[], server: string, address: string): Cause | null {
  const target = decoded(address);
  const marks = [`target=${target} `, `target="${target}" `];
  for (const line of lines.toReversed()) {
    const cause = marks.some((mark) => line.includes(mark)) ? findCause(line, server) : null;
    if (cause !== null) return cause;
  }
  return null;
}

/** A server on this machine may listen where this machine reaches it and a container does not. */
export function fromContainer(
  cause: Cause | null,
  { name, host, scrapeHost }: Pick<Server, 'name' | 'host' | 'scrapeHost'>,
): Cause | null {
  const isOutside = cause?.kind === 'refused' || cause?.kind === 'timeout';
  if (cause === null || !isOutside || host === scrapeHost) return cause;
  const hint = `the exporter's container reaches this machine as ${scrapeHost}: let ${name} listen there too (listen_addresses or the published port, pg_hba.conf), not on ${host} alone`;
  return { ...cause, hint };
}

/** The exporter's newest lines; none when it is not there. */
export async function recentLog(context: VerifyContext, service: ServiceName): Promise<readonly string[]> {
  const container = containerOf(context.world, service);
  if (container === null) return [];
  const lines: string[] = [];
  const options = { tail: LOG_LINES, follow: false, timestamps: false };
  for await (const line of context.provider.logs([container], options, context.signal)) lines.push(line.text);
  return lines;
}
