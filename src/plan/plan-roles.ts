/** Plans when the bundled server's roles must be brought to the current passwords and limits: only when these may differ. */
import { containerName } from './judge-service.ts';
import type { Operation } from './operations.ts';
import type { Desired, Observed } from './plan-input.ts';

/** Services whose new start may come from a changed password. */
const CONCERNED = new Set(['postgres', 'postgres-exporter', 'workload']);
/** What a new volume is set up by; when it changes, an old volume lacks the change. */
const SETUP_DIR = 'postgres/initdb/';

function causeOf(others: readonly Operation[]): string | null {
  const isStarted = others.some(
    (one) => ['create', 'start', 'restart'].includes(one.kind) && CONCERNED.has(one.resource),
  );
  if (isStarted) return 'its data is older than this start, its passwords may be too';
  const isSetUpAnew = others.some(
    (one) => one.kind === 'write-files' && one.changes.some((change) => change.path.startsWith(SETUP_DIR)),
  );
  return isSetUpAnew ? 'its data is older than its roles in the spec' : null;
}

/** A new volume gets its roles from initdb, so there is nothing to do for it. `others`: the rest of the plan. */
export function planRoles(
  desired: Desired,
  observed: Observed,
  others: readonly Operation[],
): readonly Operation[] {
  const { bundled } = desired;
  if (bundled === null) return [];
  const isNew = others.some((one) => one.kind === 'create-volume' && one.key === bundled.volume);
  const cause = causeOf(others);
  if (isNew || cause === null) return [];
  const name = containerName(desired.rendered, 'postgres');
  const isRemade = others.some((one) => one.kind === 'create' && one.service.name === 'postgres');
  return [
    {
      id: 'ensure roles',
      kind: 'ensure-roles',
      resource: 'postgres',
      cause,
      needs: ['wait postgres', 'write secrets'],
      server: bundled,
      container: isRemade ? null : (observed.world.containers.find((one) => one.name === name) ?? null),
    },
  ];
}
