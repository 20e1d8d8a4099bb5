/** The script that the workload service runs. */
import { WORKLOAD_ROLE } from '../conventions.ts';
import type { RenderedFile } from '../stack/rendered-stack.ts';
import type { Stack } from '../stack/stack.ts';
import type { RenderContext } from './render-context.ts';
import { secretPath } from './secret-files.ts';

export function renderWorkload(stack: Stack, { header, fill }: RenderContext): readonly RenderedFile[] {
  const { postgres } = stack;
  if (postgres === null || postgres.workloadClients === 0 || postgres.workloadPassword === null) return [];
  const view = {
    header,
    role: WORKLOAD_ROLE,
    database: postgres.database,
    passwordFile: secretPath(stack, 'workload', postgres.workloadPassword),
    clients: postgres.workloadClients,
    rate: postgres.workloadRate,
    scale: postgres.workloadScale,
  };
  return [{ path: 'workload/run.sh', content: fill('workload.sh.hbs', view) }];
}
