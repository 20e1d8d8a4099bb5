/** Hop `container`: every service's container runs and is not restarting. */
import { OPTIONAL_SERVICES } from '../../conventions.ts';
import { containerOf, type ObservedContainer } from '../../providers/provider.ts';
import { formatSpan } from '../duration.ts';
import { type CheckHop, type Finding, fail, judge, pass } from '../verify-context.ts';

/** What is said of a service that has none. */
export const NO_CONTAINER = 'no container';

/** What to do about a container that is missing while others of the stack run. */
function missingHint(subject: string): string {
  const isOptional = OPTIONAL_SERVICES.some((name) => name === subject);
  return isOptional
    ? `start it with \`pgmon up\`; if it was left out on purpose, add \`--without ${subject}\` here too`
    : 'start it with `pgmon up`';
}

/** The verdict about one container as it was observed; null = there is none, `isStackUp` says whether there are others. */
export function judgeContainer(
  subject: string,
  container: ObservedContainer | null,
  nowMs: number,
  isStackUp = false,
): Finding {
  if (container === null)
    return fail(subject, NO_CONTAINER, isStackUp ? missingHint(subject) : 'start the stack with `pgmon up`');
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

export const checkContainers: CheckHop = (context) => {
  const { world, rendered, host } = context;
  const isStackUp = rendered.services.some(({ name }) => containerOf(world, name) !== null);
  return Promise.all(
    rendered.services.map(({ name }) =>
      judge(context, 'container', name, async () =>
        judgeContainer(name, containerOf(world, name), host.clock.now(), isStackUp),
      ),
    ),
  );
};
