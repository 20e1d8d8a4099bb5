/** Real servers really broken: each fault's alert arrives at a webhook, and its end arrives too. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { daemonMissing } from '../../support/daemon.ts';
import type { Fault } from '../../support/faults/fault.ts';
import { type FaultWorld, startFaultWorld } from '../../support/faults/fault-world.ts';
import { untilQuiet } from '../../support/faults/quiet.ts';
import { REAL_FAULTS } from '../../support/faults/real-faults.ts';
import type { ReceivedAlert } from '../../support/webhook-receiver.ts';

const FIRING_MS = 6 * 60_000;
const RESOLVED_MS = 13 * 60_000;

interface Outcome {
  readonly firing: ReceivedAlert;
  readonly resolved: ReceivedAlert;
}

async function prove({ servers, stack, webhook }: FaultWorld, fault: Fault): Promise<Outcome> {
  const alert = {
    alertname: fault.alert,
    labels: { instance: fault.instance, environment: 'test' },
  };
  await untilQuiet(stack, webhook, alert);
  const sinceMs = Date.now();
  const repair = await fault.provoke(servers);
  const firing = await webhook
    .waitFor({ ...alert, sinceMs, status: 'firing' }, FIRING_MS)
    .finally(() => repair());
  const over = { ...alert, sinceMs: firing.receivedMs, status: 'resolved' } as const;
  const resolved = await webhook.waitFor(over, RESOLVED_MS);
  return { firing, resolved };
}

/** Faults of one lane one after the other, lanes side by side; what went wrong with one is that one's outcome. */
async function proveAll(world: FaultWorld): Promise<ReadonlyMap<Fault, Outcome | Error>> {
  const outcomes = new Map<Fault, Outcome | Error>();
  const lanes = lanesOf(REAL_FAULTS);
  const runLane = async (faults: readonly Fault[]) => {
    for (const fault of faults) {
      const outcome = await prove(world, fault).catch((error: unknown) =>
        error instanceof Error ? error : new Error(String(error)),
      );
      outcomes.set(fault, outcome);
    }
  };
  await Promise.all([...lanes.values()].map(runLane));
  return outcomes;
}

function lanesOf(faults: readonly Fault[]): ReadonlyMap<string, readonly Fault[]> {
  const lanes = new Map<string, Fault[]>();
  for (const fault of faults) lanes.set(fault.lane, [...(lanes.get(fault.lane) ?? []), fault]);
  return lanes;
}

describe.skipIf(daemonMissing !== null)(`real faults${daemonMissing ?? ''}`, () => {
  let world: FaultWorld | null = null;
  let outcomes: ReadonlyMap<Fault, Outcome | Error> = new Map();

  beforeAll(async () => {
    world = await startFaultWorld(REAL_FAULTS);
    outcomes = await proveAll(world);
  }, 45 * 60_000);
  afterAll(async () => world?.remove(), 120_000);

  it.each(REAL_FAULTS.map((fault) => [fault.alert, fault.what, fault] as const))(
    '%s arrives when %s, and is resolved after the repair',
    (_alert, _what, fault) => {
      const outcome = outcomes.get(fault);
      if (outcome instanceof Error || outcome === undefined)
        throw outcome ?? new Error('the fault was not tried');
      expect(outcome.firing.annotations.summary).toContain(fault.instance);
      expect(outcome.resolved.receivedMs).toBeGreaterThan(outcome.firing.receivedMs);
    },
  );
});
