/** Finds the container of this daemon that publishes a port. */
import type Docker from 'dockerode';
import { isInTheWay } from '../process-holder.ts';

/** Name of the running container that publishes the port, or null. */
export async function containerHolder(docker: Docker, port: number, address: string): Promise<string | null> {
  const running = await docker.listContainers();
  const holder = running.find(({ Ports }) =>
    (Ports ?? []).some(({ PublicPort, IP }) => PublicPort === port && isInTheWay(IP ?? '', address)),
  );
  return holder === undefined ? null : (holder.Names[0]?.replace(/^\//, '') ?? holder.Id.slice(0, 12));
}
