/** With which values of its variables a dashboard is looked at. Pure. */
import type { Dashboard } from '../../catalog/dashboards/dashboard.ts';
import type { VariableValues } from '../../catalog/dashboards/interpolate.ts';
import type { Variable } from '../../catalog/dashboards/variables.ts';

export interface Place {
  /** The server and the machine that were chosen, e.g. `orders`; null for a dashboard about all of them. */
  readonly name: string | null;
  /** Null where no single server is chosen. */
  readonly server: string | null;
  readonly chosen: VariableValues['chosen'];
}

/** Servers, and machines, that are looked at when none is named: each costs some 300 queries. */
export const MAX_PLACES = 50;

/** The servers to look at, and words about those that are not. */
export function limitServers(
  all: readonly string[],
  named: readonly string[],
): { readonly servers: readonly string[]; readonly leftOut: string | null } {
  if (named.length > 0) return { servers: named, leftOut: null };
  const servers = all.slice(0, MAX_PLACES);
  const words = `looked at ${servers.length} of ${all.length} servers; --server names others`;
  return { servers, leftOut: servers.length === all.length ? null : words };
}

export interface Choices {
  readonly servers: readonly string[];
  /** Machines with node_exporter, by their label `instance`. */
  readonly hosts: readonly string[];
}

/** Stands for "there is none": no series has it. */
const NOTHING = '';

/**
 * One place for each server or machine where the dashboard is about one of them; with both, every server and every machine
 * in one place at least. "All" for everything else.
 */
export function placesOf({ variables }: Pick<Dashboard, 'variables'>, choices: Choices): readonly Place[] {
  const isOne = (name: Variable['name']) => variables.some((one) => one.name === name && !one.isMulti);
  const all = Object.fromEntries(variables.map(({ name }) => [name, null]));
  const servers = isOne('instance') ? choices.servers : [];
  const hosts = isOne('host') ? (choices.hosts.length === 0 ? [NOTHING] : choices.hosts) : [];
  return Array.from({ length: Math.max(1, servers.length, hosts.length) }, (_, i) => {
    const server = servers[i % Math.max(1, servers.length)] ?? null;
    const host = hosts[i % Math.max(1, hosts.length)] ?? null;
    const chosen = {
      ...all,
      ...(server !== null && { instance: [server] }),
      ...(host !== null && { host: [host] }),
    };
    const names = [server, host].filter((name) => name !== null && name !== NOTHING);
    return { name: names.length === 0 ? null : names.join('+'), server, chosen };
  });
}
