/** The SQL exporter service: pgmon's own program on a plain Node.js, one process for all servers. */
import { CONTAINER_PORTS } from '../../conventions.ts';
import type { Service } from '../../stack/rendered-stack.ts';
import type { SqlExporter, Stack } from '../../stack/stack.ts';
import { layoutOf } from '../layout.ts';
import {
  SQL_EXPORTER_CONFIG,
  SQL_EXPORTER_DIR,
  SQL_EXPORTER_PROGRAM,
  sqlExporterSecrets,
} from '../sql-exporter.ts';
import {
  configMount,
  defineService,
  hostGateway,
  plainHttpReadiness,
  publishedPorts,
  secretsMount,
  slowHealthcheck,
  wgetCommand,
} from './base-service.ts';

const PORT = CONTAINER_PORTS['sql-exporter'];
const MIB = 1024 ** 2;
/** Node's own code, buffers and the connections' memory stand beside the heap. */
const HEAP_SHARE = 0.6;

function heapMegabytes({ memoryBytes }: SqlExporter): number {
  return Math.max(16, Math.floor((memoryBytes / MIB) * HEAP_SHARE));
}

export function sqlExporterService(stack: Stack, sqlExporter: SqlExporter): Service {
  const layout = layoutOf(stack);
  const config = layout.config('sql-exporter');
  const hasSecrets = sqlExporterSecrets(stack).length > 0;
  return defineService(stack, sqlExporter, {
    name: 'sql-exporter',
    // Upstream's image starts through a script that guesses what is meant.
    entrypoint: ['node'],
    command: [
      `--max-old-space-size=${heapMegabytes(sqlExporter)}`,
      `${config}/${SQL_EXPORTER_PROGRAM}`,
      `${config}/${SQL_EXPORTER_CONFIG}`,
    ],
    user: 'node',
    ports: publishedPorts(sqlExporter, PORT),
    mounts: [configMount(SQL_EXPORTER_DIR, config), ...(hasSecrets ? [secretsMount('sql-exporter')] : [])],
    extraHosts: hostGateway(stack.servers.map((server) => server.scrapeHost)),
    healthcheck: slowHealthcheck(stack, wgetCommand(PORT, '/healthz'), 20),
    readiness: plainHttpReadiness(layout.port('sql-exporter'), '/healthz'),
    configInputs: [{ prefix: `${SQL_EXPORTER_DIR}/`, reaction: { kind: 'recreate' } }],
    secretsDir: hasSecrets ? 'sql-exporter' : null,
    startWeight: 20,
  });
}
