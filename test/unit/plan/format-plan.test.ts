/** What a plan looks like to a person and to a program. */
import { expect, it } from 'vitest';
import { formatPlan, planToJson } from '../../../src/plan/format-plan.ts';
import { planChanges } from '../../../src/plan/plan-changes.ts';
import type { Observed } from '../../../src/plan/plan-input.ts';
import { compareSecretFiles } from '../../../src/plan/secret-changes.ts';
import {
  createDesired,
  createEmptyWorld,
  createFullWorld,
  createObserved,
  renderForTest,
} from '../../support/world-fixture.ts';

const rendered = renderForTest();
const full = createFullWorld(rendered);

function planOf(observed: Observed) {
  const result = planChanges(createDesired(rendered), observed);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.plan;
}

it('says that there is nothing to change', () => {
  expect(formatPlan(planOf(createObserved(full)))).toBe('stack demo is up to date: nothing to change\n');
});

it('shows a replaced service as one line with its cause', () => {
  const containers = full.containers.map((one) =>
    one.service === 'prometheus' ? { ...one, serviceHash: 'old' } : one,
  );
  expect(formatPlan(planOf(createObserved({ ...full, containers })))).toBe(
    'stack demo: 1 change\n  ~ replace prometheus  (its definition changed)\n',
  );
});

it('shows one line for each thing that a new stack is made of', () => {
  const text = formatPlan(planOf(createObserved(createEmptyWorld(rendered))));
  const lines = text.trimEnd().split('\n').slice(1);
  expect(lines).toHaveLength(rendered.services.length + rendered.volumes.length + rendered.networks.length);
  expect(lines.every((line) => line.startsWith('  + create '))).toBe(true);
});

it('gives programs the steps but never the text of a file', () => {
  const fileChanges = [
    { path: 'sql/role.sql', action: 'update', before: 'text-before', after: 'text-after' },
  ] as const;
  const json = JSON.stringify(planToJson(planOf(createObserved(full, { fileChanges }))));
  expect(json).toContain('sql/role.sql');
  expect(json).not.toContain('text-');
});

it('counts a secret file as changed while its value is still to be made', () => {
  const file = {
    path: 'secrets/x/key',
    secrets: ['key'],
    render: (values: ReadonlyMap<string, string>) => values.get('key') ?? '',
  };
  const same = new Map([['key', 'value']]);
  const onDisk = new Map([['secrets/x/key', 'value']]);
  expect(compareSecretFiles([file], same, onDisk)).toEqual([]);
  expect(compareSecretFiles([file], new Map(), onDisk)).toEqual([
    { path: 'secrets/x/key', action: 'update' },
  ]);
  expect(compareSecretFiles([file], same, new Map())).toEqual([{ path: 'secrets/x/key', action: 'create' }]);
  expect(compareSecretFiles([], same, onDisk)).toEqual([{ path: 'secrets/x/key', action: 'remove' }]);
});
