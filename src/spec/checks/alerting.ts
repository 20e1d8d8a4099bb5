/** Receivers and routes: unique names, one kind each, nothing that points nowhere. */
import { type Problem, problem } from '../document.ts';
import { suggestion } from '../nearest.ts';
import { RECEIVER_KINDS } from '../schema/alerting.ts';
import type { Spec } from '../schema/spec.ts';
import type { SpecPath } from '../yaml-tree.ts';

function findReceiverProblems({ alerting }: Spec): readonly Problem[] {
  return alerting.receivers.flatMap((receiver, i) => {
    const path = ['alerting', 'receivers', i];
    const kinds = RECEIVER_KINDS.filter((kind) => receiver[kind] !== undefined);
    const problems: Problem[] = [];
    const earlier = alerting.receivers.findIndex(({ name }) => name === receiver.name);
    if (earlier < i) problems.push(problem([...path, 'name'], 'is already the name of another receiver'));
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

/** Problems of receivers, routes and what they name. */
export function findAlertingProblems(spec: Spec): readonly Problem[] {
  return [...findReceiverProblems(spec), ...findReferenceProblems(spec), ...findMuteProblems(spec)];
}
