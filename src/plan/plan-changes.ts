/** Compares the desired stack with the observed world and makes the plan that closes the gap. Pure. */
import { findProblems } from './find-problems.ts';
import { isBeyondSaving, type Judged, judgeService } from './judge-service.ts';
import type { Operation, Plan } from './operations.ts';
import { planGround } from './plan-ground.ts';
import type { Desired, Observed, Problem } from './plan-input.ts';
import { planLeftovers } from './plan-leftovers.ts';
import { planRoles } from './plan-roles.ts';
import { planService } from './plan-service.ts';

export type PlanResult =
  | { readonly ok: true; readonly plan: Plan }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Every operation after those it needs; otherwise in the given order. Needs that are not in the plan are dropped. */
function inOrder(operations: readonly Operation[]): readonly Operation[] {
  const ids = new Set(operations.map((operation) => operation.id));
  const rest = operations.map((operation) => ({
    ...operation,
    needs: operation.needs.filter((id) => ids.has(id)),
  }));
  const placed = new Set<string>();
  const result: Operation[] = [];
  while (rest.length > 0) {
    const index = rest.findIndex((operation) => operation.needs.every((id) => placed.has(id)));
    const [next] = rest.splice(index, 1);
    if (index < 0 || next === undefined)
      throw new Error(`plan has a cycle: ${rest.map(({ id }) => id).join(', ')}`);
    placed.add(next.id);
    result.push(next);
  }
  return result;
}

/** The plan, or every problem that forbids one. An empty plan means: nothing to do. */
export function planChanges(desired: Desired, observed: Observed): PlanResult {
  const judged: readonly Judged[] = [...desired.rendered.services]
    .sort((a, b) => b.startWeight - a.startWeight)
    .map((service) => ({ service, verdict: judgeService(desired, observed, service) }));
  const creates = judged.filter(({ verdict }) => verdict.kind === 'create').map(({ service }) => service);
  const problems = findProblems(desired, observed, creates);
  if (problems.length > 0) return { ok: false, problems };
  const early = desired.rendered.runtime === 'native' ? planLeftovers(desired, observed, []) : null;
  const ground = planGround(desired, observed, { creates, stops: early?.stops ?? [] });
  const base = ground.map(({ id }) => id);
  const leftovers = early ?? planLeftovers(desired, observed, base);
  const services = judged.flatMap((one) =>
    planService({ desired, judged, base, stops: leftovers.stops }, one),
  );
  const roles = planRoles(desired, observed, [...ground, ...services]);
  const work = [...ground, ...leftovers.stops, ...leftovers.early, ...services, ...roles];
  const removes = [...leftovers.late, ...judged.flatMap(removeOld)].map((remove) => ({
    ...remove,
    needs: [...remove.needs, ...work.map(({ id }) => id)],
  }));
  const { name: stackName, runtime } = desired.rendered;
  return { ok: true, plan: { stackName, runtime, operations: inOrder([...work, ...removes]) } };
}

function removeOld({ service, verdict }: Judged): readonly Operation[] {
  if (verdict.kind !== 'create' || verdict.old === null || isBeyondSaving(verdict.old)) return [];
  const { old } = verdict;
  return [
    {
      id: `remove old ${service.name}`,
      kind: 'remove',
      resource: service.name,
      cause: 'its successor serves',
      needs: [],
      container: old,
      isFinal: true,
    },
  ];
}
