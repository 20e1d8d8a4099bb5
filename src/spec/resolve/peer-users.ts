/** Which servers know the exporters by their system user: those on a socket that have no password. */
import { isLocalSocket } from '../../stack/local-socket.ts';
import type { ServerSpec, Spec } from '../schema/spec.ts';

export function isPeerServer({ host, password }: ServerSpec): boolean {
  return host !== undefined && isLocalSocket({ host }) && password === undefined;
}

/** Their monitoring roles, each once, in the order of the spec. */
export function peerUsersOf({ servers }: Pick<Spec, 'servers'>): readonly string[] {
  return [...new Set(servers.filter(isPeerServer).map(({ user }) => user))];
}
