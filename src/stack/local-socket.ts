/** Servers that are reached over a Unix socket of this machine. Pure. */
import type { Server } from './stack.ts';

/** True when `host` is the directory of a socket. */
export function isLocalSocket({ host }: Pick<Server, 'host'>): boolean {
  return host.startsWith('/');
}

/** True when the server asks who the process is (peer authentication) and not for a password. */
export function isPeerLogin(server: Pick<Server, 'host' | 'password'>): boolean {
  return isLocalSocket(server) && server.password === null;
}
