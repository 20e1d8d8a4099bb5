/** What a plan for systemd is made of: definitions lie in files, so nothing is ever set aside, and what runs is started anew. */
import { describe, expect, it } from 'vitest';
import type { FileChange } from '../../../src/plan/file-changes.ts';
import { formatPlan, planToJson } from '../../../src/plan/format-plan.ts';
import type { Operation, Plan } from '../../../src/plan/operations.ts';
import { planChanges } from '../../../src/plan/plan-changes.ts';
import type { ObservedContainer, ObservedWorld } from '../../../src/providers/provider.ts';
import { unitName } from '../../../src/stack/native-names.ts';
import type { Service } from '../../../src/stack/rendered-stack.ts';
import { createNativeStack } from '../../support/stack-fixture.ts';
import {
  createContainer,
  createDesired,
  createEmptyWorld,
  createObserved,
  renderForTest,
} from '../../support/world-fixture.ts';

const rendered = renderForTest(createNativeStack());
const { name: stackName } = rendered;

function unit(service: Service, overrides: Partial<ObservedContainer> = {}): ObservedContainer {
  const name = unitName(stackName, service.name);
  return createContainer(stackName, service, { id: name, name, health: 'none', ...overrides });
}

const empty = createEmptyWorld(rendered);
const full: ObservedWorld = {
  ...empty,
  containers: rendered.services.map((service) => unit(service)),
  volumes: rendered.volumes.map((key) => ({ key, name: `/var/lib/pgmon/${stackName}/${key}` })),
  users: rendered.users.map(({ name }) => ({ name, isOurs: true })),
};

function withUnit(service: string, overrides: Partial<ObservedContainer>): ObservedWorld {
  const containers = full.containers.map((one) => (one.service === service ? { ...one, ...overrides } : one));
  return { ...full, containers };
}

function planFor(world: ObservedWorld, more: Parameters<typeof createObserved>[1] = {}): Plan {
  const result = planChanges(createDesired(rendered), createObserved(world, more));
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.plan;
}

const ids = ({ operations }: Plan): readonly string[] => operations.map(({ id }) => id);
const kinds = ({ operations }: Plan) => new Set(operations.map(({ kind }) => kind));

function allNeeds({ operations }: Plan, id: string): ReadonlySet<string> {
  const needsOf = (one: string): readonly string[] =>
    operations.find((operation) => operation.id === one)?.needs ?? [];
  const found = new Set<string>();
  const open = [...needsOf(id)];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (!found.has(next)) open.push(...needsOf(next));
    found.add(next);
  }
  return found;
}

const written: readonly FileChange[] = rendered.files.map(({ path, content }) => ({
  path,
  action: 'create',
  before: null,
  after: content,
}));

describe('an empty machine', () => {
  const absent = { ...empty, images: new Map([...empty.images.keys()].map((image) => [image, null])) };
  const plan = planFor(absent, { fileChanges: written });

  it('gets programs one after the other, then files, users, directories and services', () => {
    const installs = plan.operations.filter(({ kind }) => kind === 'install');
    expect(installs).toHaveLength(new Set(rendered.services.map(({ image }) => image)).size);
    const last = installs.at(-1)?.id ?? '';
    for (const { id } of installs.slice(0, -1)) expect(allNeeds(plan, last)).toContain(id);
    expect(allNeeds(plan, 'write files')).toContain(last);
    const user = `create user ${rendered.users[0]?.name}`;
    expect(allNeeds(plan, user)).toContain('write files');
    const directory = `create directory /var/lib/pgmon/${stackName}/prometheus`;
    expect(allNeeds(plan, directory)).toContain(user);
    expect(allNeeds(plan, 'create prometheus')).toContain(directory);
  });

  it('is shown to people with the places on the machine, never with a way up', () => {
    const text = formatPlan(plan);
    expect(text).toContain(`+ write file /etc/systemd/system/pgmon-${stackName}.target`);
    expect(text).toContain(`+ write file /etc/pgmon/${stackName}/prometheus/prometheus.yml`);
    expect(text).toContain('+ create user pgmon-prometheus');
    expect(text).toMatch(/\+ install program prometheus \S+ +\(it is not on this machine\)/);
    expect(text).toContain('+ enable and start prometheus');
    expect(`${text}${JSON.stringify(planToJson(plan))}`).not.toContain('../');
  });

  it('refuses programs that are absent when nothing may be fetched', () => {
    const desired = createDesired(rendered, { pull: 'never' });
    const result = planChanges(desired, createObserved(absent));
    expect(result).toMatchObject({ ok: false });
    expect(JSON.stringify(result)).toContain('program-absent');
  });
});

it('changes nothing when everything is as the spec says', () => {
  expect(planFor(full).operations).toEqual([]);
});

it('tells every obstacle instead of making a plan', () => {
  const obstacles = [{ code: 'program-too-old', message: 'prometheus 2.42.0 is too old', hint: 'update it' }];
  const result = planChanges(createDesired(rendered), createObserved({ ...full, obstacles }));
  expect(result).toEqual({ ok: false, problems: obstacles });
});

it('starts a running unit anew whose process has an older definition, and nothing else', () => {
  const plan = planFor(withUnit('prometheus', { serviceHash: 'older' }));
  expect(ids(plan)).toEqual(['restart prometheus', 'wait prometheus']);
  expect(plan.operations[0]?.cause).toBe('its definition changed');
});

it('starts a unit anew that runs but would not come back after a reboot', () => {
  const plan = planFor(withUnit('prometheus', { startsAtBoot: false }));
  expect(ids(plan)).toEqual(['restart prometheus', 'wait prometheus']);
  expect(formatPlan(plan)).toContain('(it would not come back after a reboot)');
  expect(planFor(withUnit('prometheus', { startsAtBoot: true })).operations).toEqual([]);
});

it('starts a unit that ended or was never started, with whatever definition lies there', () => {
  const stopped = planFor(withUnit('prometheus', { status: 'exited', exitCode: 2, serviceHash: 'older' }));
  expect(ids(stopped)).toEqual(['start prometheus', 'wait prometheus']);
  expect(stopped.operations[0]?.cause).toBe('it stopped (exit code 2)');
  const created = planFor(withUnit('prometheus', { status: 'created', startedAtMs: null }));
  expect(created.operations[0]?.cause).toBe('it was never started');
});

it('waits for a unit between two starts unless its definition is written anew', () => {
  const crashing = withUnit('prometheus', { status: 'restarting', serviceHash: null });
  expect(ids(planFor(crashing))).toEqual(['wait prometheus']);
  const path = `../../systemd/system/${unitName(stackName, 'prometheus')}`;
  const fileChanges = [{ path, action: 'update', before: 'old', after: 'new' }] as const;
  expect(ids(planFor(crashing, { fileChanges }))).toContain('restart prometheus');
});

it('enables a unit that is not in use, without a container to replace', () => {
  const containers = full.containers.filter(({ service }) => service !== 'prometheus');
  const plan = planFor({ ...full, containers });
  expect(ids(plan)).toEqual(['create prometheus', 'start prometheus', 'wait prometheus']);
  expect(plan.operations[0]?.cause).toBe('its unit is not enabled');
});

it('starts a service anew after its secrets changed and reloads it after its configuration did', () => {
  const secret = { path: 'secrets/postgres-exporter/x', action: 'update' } as const;
  expect(ids(planFor(full, { secretChanges: [secret] }))).toContain('restart postgres-exporter');
  const change = { path: 'prometheus/prometheus.yml', action: 'update', before: 'a', after: 'b' } as const;
  const plan = planFor(full, { fileChanges: [change] });
  expect(ids(plan)).toEqual(['write files', 'reload prometheus', 'wait prometheus']);
});

it('stops a service that the spec has no more before its unit goes, and forgets it at the end', () => {
  const [service] = rendered.services;
  if (service === undefined) throw new Error('no service');
  const name = unitName(stackName, 'postgres');
  const leftover = unit(service, { id: name, name, service: 'postgres' });
  const path = `../../systemd/system/${name}`;
  const fileChanges = [{ path, action: 'remove', before: '# Generated by pgmon', after: null }] as const;
  const plan = planFor({ ...full, containers: [...full.containers, leftover] }, { fileChanges });
  expect(ids(plan)).toEqual([`stop leftover ${name}`, 'write files', `remove leftover ${name}`]);
  const remove = plan.operations.at(-1) as Operation & { readonly kind: 'remove' };
  expect(remove.isFinal).toBe(true);
});

it('never sets aside, pulls, or makes a network', () => {
  const worlds = [
    empty,
    full,
    withUnit('grafana', { serviceHash: 'older' }),
    withUnit('grafana', { status: 'dead' }),
  ];
  for (const world of worlds) {
    const found = kinds(planFor(world, { fileChanges: written }));
    for (const kind of ['set-aside', 'pull', 'create-network', 'ensure-roles'] as const)
      expect(found).not.toContain(kind);
  }
});
