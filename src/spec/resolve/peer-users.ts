/** Which servers know the exporters by their system user: those on a socket that have no password. */
import type { ServerSpec, Spec } from '../schema/spec.ts';
import { isSocket } from './servers.ts';

export function isPeerServer({ host, password }: ServerSpec): boolean {
  return host !== undefined && isSocket(host) && password === undefined;
}

/** Their monitoring roles, each once, in the order of the spec. */
export function peerUsersOf({ servers }: Pick<Spec, 'servers'>): readonly string[] {
  return [...new Set(servers.filter(isPeerServer).map(({ user }) => user))];
}
