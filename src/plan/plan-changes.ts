/** Compares the desired stack with the observed world and makes the plan that closes the gap. Pure. */

import type { Service } from '../stack/rendered-stack.ts';
import { findProblems } from './find-problems.ts';
import { isBeyondSaving, type Judged, judgeService } from './judge-service.ts';
import type { Operation, Plan } from './operations.ts';
import type { Desired, Observed, Problem } from './plan-input.ts';
import { planLeftovers } from './plan-leftovers.ts';
import { planRoles } from './plan-roles.ts';
import { planService } from './plan-service.ts';

export type PlanResult =
  | { readonly ok: true; readonly plan: Plan }
  | { readonly ok: false; readonly problems: readonly Problem[] };

function planPulls(desired: Desired, observed: Observed, creates: readonly Service[]): readonly Operation[] {
  const references = [...new Set(creates.map((service) => service.image))].sort();
  return references
    .filter((reference) => (observed.world.images.get(reference) ?? null) === null)
    .map((reference) => ({
      id: `pull ${reference}`,
      kind: 'pull',
      resource: `image ${reference}`,
      cause: 'it is not on this machine',
      needs: [],
      reference,
      digest: desired.pinnedImages.find((pin) => pin.reference === reference)?.digest ?? null,
    }));
}

function planWrites(observed: Observed, needs: readonly string[]): readonly Operation[] {
  const { fileChanges, secretChanges } = observed;
  const files: Operation = {
    id: 'write files',
    kind: 'write-files',
    resource: 'files',
    cause: 'they differ from what the spec says',
    needs,
    changes: fileChanges,
  };
  const secrets: Operation = {
    id: 'write secrets',
    kind: 'write-secrets',
    resource: 'secret files',
    cause: 'they are missing or their values changed',
    needs,
    changes: secretChanges,
  };
  return [...(fileChanges.length > 0 ? [files] : []), ...(secretChanges.length > 0 ? [secrets] : [])];
}

function planResources(desired: Desired, observed: Observed, needs: readonly string[]): readonly Operation[] {
  const { name, networks, volumes } = desired.rendered;
  const isMissing = (there: readonly { readonly key: string }[]) => (key: string) =>
    !there.some((one) => one.key === key);
  const cause = 'it is missing';
  return [
    ...networks.filter(isMissing(observed.world.networks)).map((key): Operation => {
      const resource = `network ${name}_${key}`;
      return { id: `create ${resource}`, kind: 'create-network', resource, cause, needs, key };
    }),
    ...volumes.filter(isMissing(observed.world.volumes)).map((key): Operation => {
      const resource = `volume ${name}_${key}`;
      return { id: `create ${resource}`, kind: 'create-volume', resource, cause, needs, key };
    }),
  ];
}

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
  const pulls = planPulls(desired, observed, creates);
  const pullIds = pulls.map(({ id }) => id);
  const ground = [...pulls, ...planWrites(observed, pullIds), ...planResources(desired, observed, pullIds)];
  const base = ground.map(({ id }) => id);
  const leftovers = planLeftovers(desired, observed, base);
  const services = judged.flatMap((one) =>
    planService({ desired, judged, base, stops: leftovers.stops }, one),
  );
  const roles = planRoles(desired, observed, [...ground, ...services]);
  const work = [...ground, ...leftovers.stops, ...leftovers.early, ...services, ...roles];
  const removes = [...leftovers.late, ...judged.flatMap(removeOld)].map((remove) => ({
    ...remove,
    needs: [...remove.needs, ...work.map(({ id }) => id)],
  }));
  return { ok: true, plan: { stackName: desired.rendered.name, operations: inOrder([...work, ...removes]) } };
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
