/** Hops `container` and `unit`: every service's container, or unit, runs and is not restarting. */
import { OPTIONAL_SERVICES } from '../../conventions.ts';
import { containerOf, type ObservedContainer } from '../../providers/provider.ts';
import type { Runtime } from '../../stack/stack.ts';
import { formatSpan } from '../duration.ts';
import { type CheckHop, type Finding, fail, judge, pass } from '../verify-context.ts';

/** What is said of a service that has none. */
const ABSENT: Readonly<Record<Runtime, string>> = {
  docker: 'no container',
  native: 'its unit is neither enabled nor running',
};
const HOP = { docker: 'container', native: 'unit' } as const satisfies Record<Runtime, string>;

/** True for the finding that a service is not there at all. */
export function isAbsence(detail: string): boolean {
  return Object.values(ABSENT).includes(detail);
}

/** What to do about a service that is missing while others of the stack run. */
function missingHint(subject: string): string {
  const isOptional = OPTIONAL_SERVICES.some((name) => name === subject);
  return isOptional
    ? `start it with \`pgmon up\`; if it was left out on purpose, add \`--without ${subject}\` here too`
    : 'start it with `pgmon up`';
}

/** What a verdict depends on besides the container itself. */
export interface Surroundings {
  readonly nowMs: number;
  readonly runtime: Runtime;
  /** Whether other services of the stack are there. */
  readonly isStackUp: boolean;
}

/** The verdict about one container, or unit, as it was observed; null = there is none. */
export function judgeContainer(
  subject: string,
  container: ObservedContainer | null,
  { nowMs, runtime, isStackUp }: Surroundings,
): Finding {
  if (container === null) {
    const hint = isStackUp ? missingHint(subject) : 'start the stack with `pgmon up`';
    return fail(subject, ABSENT[runtime], hint);
  }
  const logs = `see why with \`pgmon logs ${subject}\``;
  const exit = container.exitCode === null ? '' : ` with exit code ${container.exitCode}`;
  switch (container.status) {
    case 'running':
      break;
    case 'restarting':
      return fail(subject, `restarting: the program ends again and again${exit}`, logs);
    case 'exited':
    case 'dead':
      return fail(subject, `${container.status}${exit}`, `${logs}, start it with \`pgmon up\``);
    default:
      return fail(subject, container.status, 'start it with `pgmon up`');
  }
  if (container.health === 'unhealthy') return fail(subject, 'runs, but its own healthcheck fails', logs);
  const uptime = container.startedAtMs === null ? '' : ` for ${formatSpan(nowMs - container.startedAtMs)}`;
  return pass(subject, `running${uptime}`);
}

const checkRunning =
  (runtime: Runtime): CheckHop =>
  async (context) => {
    const { world, rendered, host } = context;
    if (rendered.runtime !== runtime) return [];
    const isStackUp = rendered.services.some(({ name }) => containerOf(world, name) !== null);
    return Promise.all(
      rendered.services.map(({ name }) =>
        judge(context, HOP[runtime], name, async () =>
          judgeContainer(name, containerOf(world, name), { nowMs: host.clock.now(), runtime, isStackUp }),
        ),
      ),
    );
  };

export const checkContainers = checkRunning('docker');
export const checkUnits = checkRunning('native');
