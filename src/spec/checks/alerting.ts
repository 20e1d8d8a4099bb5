/** Receivers and routes: unique names, one kind each, nothing that points nowhere. */
import { ALERT_NAMES } from '../../catalog/alerts/every-alert.ts';
import { DELIVERY_NAMES } from '../../conventions.ts';
import { type Problem, problem } from '../document.ts';
import { suggestion } from '../nearest.ts';
import { RECEIVER_KINDS } from '../schema/alerting.ts';
import type { Spec } from '../schema/spec.ts';
import type { SpecPath } from '../yaml-tree.ts';
import { unknownAlert } from './alert-choices.ts';

const SEVERITIES = ['critical', 'warning', 'info'];
const ROUTED_ALERTS = [...ALERT_NAMES, DELIVERY_NAMES.prometheusUnreachable];

function findReceiverProblems({ alerting }: Spec): readonly Problem[] {
  return alerting.receivers.flatMap((receiver, i) => {
    const path = ['alerting', 'receivers', i];
    const kinds = RECEIVER_KINDS.filter((kind) => receiver[kind] !== undefined);
    const problems: Problem[] = [];
    const earlier = alerting.receivers.findIndex(({ name }) => name === receiver.name);
    if (earlier < i) problems.push(problem([...path, 'name'], 'is already the name of another receiver'));
    if (receiver.name === DELIVERY_NAMES.noReceiver) {
      problems.push(problem([...path, 'name'], 'is the name that pgmon gives to "nobody": choose another'));
    }
    if (kinds.length === 0) problems.push(problem(path, `needs one of ${RECEIVER_KINDS.join(', ')}`));
    if (kinds.length > 1) {
      problems.push(
        problem(path, `must be of one kind, has ${kinds.join(' and ')}: make one receiver of each`),
      );
    }
    if (receiver.email?.user !== undefined && receiver.email.password === undefined) {
      problems.push(problem([...path, 'email', 'user'], 'needs `password`', 'key'));
    }
    if (receiver.email?.password !== undefined && receiver.email.user === undefined) {
      problems.push(problem([...path, 'email', 'password'], 'needs `user`', 'key'));
    }
    return problems;
  });
}

function findReferenceProblems({ alerting }: Spec): readonly Problem[] {
  const names = [...new Set(alerting.receivers.map(({ name }) => name))];
  const check = (name: string | undefined, path: SpecPath): readonly Problem[] => {
    if (name === undefined || names.includes(name)) return [];
    const known = names.length === 0 ? '; `alerting.receivers` has none' : suggestion(name, names);
    return [problem(path, `names the receiver "${name}", which does not exist${known}`)];
  };
  return [
    ...check(alerting.defaultReceiver, ['alerting', 'defaultReceiver']),
    ...alerting.routes.flatMap((route, i) => check(route.receiver, ['alerting', 'routes', i, 'receiver'])),
    ...check(alerting.deadManSwitch?.receiver, ['alerting', 'deadManSwitch', 'receiver']),
  ];
}

function findMuteTimeProblems({ alerting }: Spec): readonly Problem[] {
  const muteTimes = alerting.muteTimes ?? [];
  return muteTimes.flatMap(({ name, times }, i) => {
    const path = ['alerting', 'muteTimes', i];
    const isRepeated = muteTimes.findIndex((one) => one.name === name) < i;
    return [
      ...(isRepeated ? [problem([...path, 'name'], 'is already the name of another mute time')] : []),
      ...times.flatMap(({ from, to }, j) =>
        from < to
          ? []
          : [
              problem(
                [...path, 'times', j, 'to'],
                `must be later than \`from\` (${from}): write a night as two entries, ${from} to "24:00" and "00:00" to ${to}`,
              ),
            ],
      ),
    ];
  });
}

function findMuteProblems({ alerting }: Spec): readonly Problem[] {
  const names = (alerting.muteTimes ?? []).map(({ name }) => name);
  return alerting.routes.flatMap((route, i) =>
    (route.mute ?? []).flatMap((name, j) =>
      names.includes(name)
        ? []
        : [
            problem(
              ['alerting', 'routes', i, 'mute', j],
              `names the mute time "${name}", which does not exist`,
            ),
          ],
    ),
  );
}

/** Whoever listens for the sign of life must hear nothing else, and nobody else wants to hear it all the time. */
function findDeadManSwitchProblems({ alerting }: Spec): readonly Problem[] {
  const { deadManSwitch, defaultReceiver, routes, disabled = [] } = alerting;
  if (deadManSwitch === undefined) return [];
  if (disabled.includes(DELIVERY_NAMES.watchdog)) {
    const text = `needs the alert "${DELIVERY_NAMES.watchdog}", which \`alerting.disabled\` switches off: no message would come`;
    return [problem(['alerting', 'deadManSwitch'], text)];
  }
  const routed = routes.findIndex(({ receiver }) => receiver === deadManSwitch.receiver);
  const place =
    deadManSwitch.receiver === defaultReceiver
      ? '`alerting.defaultReceiver`'
      : routed === -1
        ? null
        : `\`alerting.routes[${routed}]\``;
  if (place === null) return [];
  return [
    problem(
      ['alerting', 'deadManSwitch', 'receiver'],
      `must be a receiver of its own, and "${deadManSwitch.receiver}" is also the one of ${place}: it would get a message every ${deadManSwitch.interval}`,
    ),
  ];
}

function findMatchProblems({ alerting }: Spec): readonly Problem[] {
  return alerting.routes.flatMap(({ match }, i) => {
    const { severity, alertname } = match;
    const path = ['alerting', 'routes', i, 'match'];
    const isKnown = severity === undefined || SEVERITIES.includes(severity);
    const isAlert = alertname === undefined || ROUTED_ALERTS.includes(alertname);
    return [
      ...(isKnown
        ? []
        : [
            problem([...path, 'severity'], `"${severity}" is no severity${suggestion(severity, SEVERITIES)}`),
          ]),
      ...(isAlert ? [] : [problem([...path, 'alertname'], unknownAlert(alertname))]),
    ];
  });
}

/** Problems of receivers, routes and what they name. */
export function findAlertingProblems(spec: Spec): readonly Problem[] {
  return [
    ...findReceiverProblems(spec),
    ...findReferenceProblems(spec),
    ...findMatchProblems(spec),
    ...findMuteProblems(spec),
    ...findMuteTimeProblems(spec),
    ...findDeadManSwitchProblems(spec),
  ];
}
