/** The demo workload: pgbench in a loop, from the bundled server's own image, with its own role. */
import { postgresDataMount } from '../../catalog/versions.ts';
import type { Service } from '../../stack/rendered-stack.ts';
import type { BundledPostgres, Stack } from '../../stack/stack.ts';
import { configMount, defineService, secretsMount, TMP } from './base-service.ts';

const MEMORY_BYTES = 128 * 1024 * 1024;

/** Null when the stack has no workload. */
export function workloadService(stack: Stack, postgres: BundledPostgres): Service | null {
  if (postgres.workloadClients === 0 || postgres.workloadPassword === null) return null;
  return defineService(stack, postgres, {
    name: 'workload',
    user: 'postgres',
    entrypoint: ['/bin/sh', '/workload/run.sh'],
    memoryBytes: MEMORY_BYTES,
    pidsLimit: 64,
    mounts: [configMount('workload', '/workload'), secretsMount('workload')],
    // The image declares a volume there; without this each container would leave an anonymous one behind.
    tmpfs: [TMP, `${postgresDataMount(postgres.image.version)}:size=1m`],
    stopGraceSeconds: 5,
    configInputs: [{ prefix: 'workload/', reaction: { kind: 'recreate' } }],
    secretsDir: 'workload',
    startWeight: 0,
  });
}
