/** Hop `container`: every service's container runs and is not restarting. */
import { containerOf, type ObservedContainer } from '../../providers/provider.ts';
import { formatSpan } from '../duration.ts';
import { type CheckHop, type Finding, fail, judge, pass } from '../verify-context.ts';

/** The verdict about one container as it was observed; null = there is none. */
export function judgeContainer(subject: string, container: ObservedContainer | null, nowMs: number): Finding {
  if (container === null) return fail(subject, 'no container', 'start the stack with `pgmon up`');
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

export const checkContainers: CheckHop = (context) =>
  Promise.all(
    context.rendered.services.map(({ name }) =>
      judge(context, 'container', name, async () =>
        judgeContainer(name, containerOf(context.world, name), context.host.clock.now()),
      ),
    ),
  );
