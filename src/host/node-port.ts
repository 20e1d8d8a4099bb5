/** Whether a TCP address of this machine can be taken, found out by taking it for a moment. */

/** False when something listens there. An address that cannot be tried (foreign, privileged) counts as free. */
export async function isPortFree(address: string, port: number): Promise<boolean> {
  const { createServer } = await import('node:net');
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code !== 'EADDRINUSE'));
    server.listen({ host: address, port, exclusive: true }, () => server.close(() => resolve(true)));
  });
}
