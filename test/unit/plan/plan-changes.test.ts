/** Every case in which the world differs from the spec, and what the plan then says. */
import { describe, expect, it } from 'vitest';
import { isUpToDate, type Operation } from '../../../src/plan/operations.ts';
import { planChanges } from '../../../src/plan/plan-changes.ts';
import type { Desired, Observed, Problem } from '../../../src/plan/plan-input.ts';
import type { ObservedContainer, ObservedWorld } from '../../../src/providers/provider.ts';
import {
  createContainer,
  createDesired,
  createEmptyWorld,
  createFullWorld,
  createObserved,
  imageIdOf,
  renderForTest,
  STARTED_AT_MS,
} from '../../support/world-fixture.ts';

const rendered = renderForTest();
const desired = createDesired(rendered);
const full = createFullWorld(rendered);
const bundled = {
  superuser: 'postgres',
  database: 'app',
  roles: [
    {
      name: 'pgmon',
      password: 'servers.app.password',
      memberOf: ['pg_monitor'],
      isWriter: false,
      limits: null,
    },
  ],
  volume: 'postgres-data',
};

function operationsOf(input: Desired, observed: Observed): readonly Operation[] {
  const result = planChanges(input, observed);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.plan.operations;
}

function problemsOf(input: Desired, observed: Observed): readonly Problem[] {
  const result = planChanges(input, observed);
  if (result.ok) throw new Error('the plan was made');
  return result.problems;
}

function ids(operations: readonly Operation[]): readonly string[] {
  return operations.map(({ id }) => id);
}

/** Everything that must be over before `id` begins, directly or not. */
function allNeeds(operations: readonly Operation[], id: string): ReadonlySet<string> {
  const direct = operations.find((operation) => operation.id === id)?.needs ?? [];
  return new Set(direct.flatMap((need) => [need, ...allNeeds(operations, need)]));
}

/** The full world with one service's container changed, or gone. */
function withContainer(service: string, change: Partial<ObservedContainer> | null): ObservedWorld {
  const containers = full.containers.flatMap((one) => {
    if (one.service !== service) return [one];
    return change === null ? [] : [{ ...one, ...change }];
  });
  return { ...full, containers };
}

function serviceOf(name: string) {
  const service = rendered.services.find((one) => one.name === name);
  if (service === undefined) throw new Error(`no service ${name}`);
  return service;
}

describe('a world as desired', () => {
  it('needs no operation', () => {
    expect(operationsOf(desired, createObserved(full))).toEqual([]);
  });

  it('is up to date while healthchecks have not spoken yet, and is waited for', () => {
    const world = withContainer('prometheus', { health: 'starting' });
    const result = planChanges(desired, createObserved(world));
    expect(result.ok && ids(result.plan.operations)).toEqual(['wait prometheus']);
    expect(result.ok && isUpToDate(result.plan)).toBe(true);
  });
});

describe('an empty world', () => {
  const operations = operationsOf(
    { ...desired, bundled },
    createObserved(createEmptyWorld(rendered), {
      fileChanges: [{ path: 'docker-compose.yml', action: 'create', before: null, after: 'x' }],
      secretChanges: [{ path: 'secrets/grafana/grafana.adminPassword', action: 'create' }],
    }),
  );

  it('gets files, networks, volumes and a started, awaited container for each service', () => {
    const expected = [
      'write files',
      'write secrets',
      ...rendered.networks.map((key) => `create network demo_${key}`),
      ...rendered.volumes.map((key) => `create volume demo_${key}`),
      ...rendered.services.flatMap(({ name }) => [`create ${name}`, `start ${name}`, `wait ${name}`]),
    ];
    expect([...ids(operations)].sort()).toEqual(expected.sort());
  });

  it('writes files and secrets before any container is made', () => {
    for (const { name } of rendered.services) {
      expect(allNeeds(operations, `create ${name}`)).toContain('write files');
      expect(allNeeds(operations, `create ${name}`)).toContain('write secrets');
    }
  });

  it('starts slow starters before the others and makes nobody wait for their readiness', () => {
    const needs = allNeeds(operations, 'start prometheus');
    expect(needs).toContain('start postgres');
    expect(needs).toContain('start grafana');
    expect([...needs].filter((id) => id.startsWith('wait'))).toEqual([]);
  });

  it('lists each operation after those it needs', () => {
    operations.forEach((operation, index) => {
      const before = ids(operations.slice(0, index));
      expect(before).toEqual(expect.arrayContaining([...operation.needs]));
    });
  });

  it('leaves the roles of a new volume to its init script', () => {
    expect(ids(operations)).not.toContain('ensure roles');
  });
});

describe('images', () => {
  const { image } = serviceOf('prometheus');
  const without = (world: ObservedWorld): ObservedWorld => ({
    ...world,
    images: new Map([...world.images, [image, null]]),
  });

  it('pulls an absent image once and before anything else happens', () => {
    const operations = operationsOf(desired, createObserved(without(createEmptyWorld(rendered))));
    expect(operations.filter(({ kind }) => kind === 'pull')).toHaveLength(1);
    for (const operation of operations.filter(({ kind }) => kind !== 'pull')) {
      expect(allNeeds(operations, operation.id)).toContain(`pull ${image}`);
    }
  });

  it('pulls nothing for a container that already runs as desired', () => {
    expect(operationsOf(desired, createObserved(without(full)))).toEqual([]);
  });

  it('refuses with the way to the image when pulling is not wanted', () => {
    const never = createDesired(rendered, { pull: 'never' });
    const [problem, ...others] = problemsOf(never, createObserved(without(createEmptyWorld(rendered))));
    expect(others).toEqual([]);
    expect(problem).toMatchObject({ code: 'image-absent' });
    expect(problem?.message).toContain(image);
    expect(problem?.hint).toContain('pgmon images load');
  });

  it('offers to leave Grafana out when its image is absent', () => {
    const grafana = serviceOf('grafana').image;
    const world = createEmptyWorld(rendered);
    const absent = { ...world, images: new Map([...world.images, [grafana, null]]) };
    const never = createDesired(rendered, { pull: 'never' });
    expect(problemsOf(never, createObserved(absent))[0]?.hint).toContain('--without grafana');
  });

  it('replaces a container whose reference means another image now', () => {
    const images = new Map([...full.images, [image, { id: 'sha256:other', digests: [] }]]);
    const operations = operationsOf(desired, createObserved({ ...full, images }));
    expect(operations.find(({ id }) => id === 'create prometheus')?.cause).toContain('another image');
  });

  it('refuses an image that is not the one of the lock file', () => {
    const pinned = {
      reference: image,
      version: '3.5.3',
      origin: 'registry' as const,
      digest: null,
      ids: {},
      expectedId: 'sha256:locked',
    };
    const observed = createObserved(full);
    const [problem] = problemsOf(createDesired(rendered, { pinnedImages: [pinned] }), observed);
    expect(problem).toMatchObject({ code: 'image-differs' });
    const unknownHere = createDesired(rendered, { pinnedImages: [{ ...pinned, expectedId: null }] });
    expect(operationsOf(unknownHere, observed)).toEqual([]);
  });

  const pinnedByDigest = {
    reference: image,
    version: '3.5.3',
    origin: 'registry' as const,
    digest: 'sha256:manifest',
    ids: {},
    expectedId: 'sha256:in-another-kind-of-store',
  };
  const withDigests = (...digests: readonly string[]) =>
    createObserved({
      ...full,
      images: new Map([...full.images, [image, { id: imageIdOf(image), digests }]]),
    });

  it("takes the registry's digest as proof, whatever id this engine gives the image", () => {
    const pinned = createDesired(rendered, { pinnedImages: [pinnedByDigest] });
    expect(operationsOf(pinned, withDigests('sha256:other', 'sha256:manifest'))).toEqual([]);
    expect(problemsOf(pinned, withDigests('sha256:other'))).toMatchObject([{ code: 'image-differs' }]);
  });

  it('refuses another digest where the lock file knows no id for this platform', () => {
    const pinned = createDesired(rendered, { pinnedImages: [{ ...pinnedByDigest, expectedId: null }] });
    expect(problemsOf(pinned, withDigests('sha256:other'))).toMatchObject([{ code: 'image-differs' }]);
    expect(operationsOf(pinned, withDigests())).toEqual([]);
  });

  it('pulls the digest that the lock file pins', () => {
    const pinned = createDesired(rendered, { pinnedImages: [pinnedByDigest] });
    const operations = operationsOf(pinned, createObserved(without(createEmptyWorld(rendered))));
    expect(operations.find(({ kind }) => kind === 'pull')).toMatchObject({
      reference: image,
      digest: 'sha256:manifest',
    });
  });
});

describe('a changed definition', () => {
  const world = withContainer('prometheus', { serviceHash: 'old' });
  const operations = operationsOf(desired, createObserved(world));

  it('touches that service only', () => {
    expect(new Set(operations.map(({ resource }) => resource))).toEqual(new Set(['prometheus']));
  });

  it('sets the old container aside and removes it only when its successor serves', () => {
    expect(ids(operations)).toEqual([
      'set aside prometheus',
      'stop prometheus',
      'create prometheus',
      'start prometheus',
      'wait prometheus',
      'remove old prometheus',
    ]);
    expect(allNeeds(operations, 'start prometheus')).toContain('stop prometheus');
    expect(allNeeds(operations, 'remove old prometheus')).toContain('wait prometheus');
  });

  it('makes the successor while the old one is still stopping', () => {
    expect(allNeeds(operations, 'create prometheus')).not.toContain('stop prometheus');
  });
});

describe('drift', () => {
  it.each([
    ['exited', 137, 'exit code 137'],
    ['created', null, 'never started'],
  ] as const)('starts a container that is %s', (status, exitCode, cause) => {
    const operations = operationsOf(
      desired,
      createObserved(withContainer('alertmanager', { status, exitCode })),
    );
    expect(ids(operations)).toEqual(['start alertmanager', 'wait alertmanager']);
    expect(operations[0]?.cause).toContain(cause);
  });

  it('makes a container that was removed', () => {
    const operations = operationsOf(desired, createObserved(withContainer('alertmanager', null)));
    expect(ids(operations)).toEqual(['create alertmanager', 'start alertmanager', 'wait alertmanager']);
  });

  it.each(['dead', 'paused', 'removing'] as const)(
    'clears a %s container away before its successor is made',
    (status) => {
      const operations = operationsOf(desired, createObserved(withContainer('alertmanager', { status })));
      expect(ids(operations)).toEqual([
        'clear alertmanager',
        'create alertmanager',
        'start alertmanager',
        'wait alertmanager',
      ]);
      expect(allNeeds(operations, 'create alertmanager')).toContain('clear alertmanager');
    },
  );

  it.each([
    [{ status: 'restarting' }, 'keeps restarting'],
    [{ health: 'unhealthy' }, 'unhealthy'],
  ] as const)('waits for a service in trouble: %j', (change, cause) => {
    const [operation] = operationsOf(desired, createObserved(withContainer('prometheus', change)));
    expect(operation).toMatchObject({ kind: 'wait', cause: expect.stringContaining(cause) });
  });

  it('makes a lost network and every container that was on it anew', () => {
    const operations = operationsOf(desired, createObserved({ ...full, networks: [] }));
    const created = operations.filter(({ kind }) => kind === 'create').map(({ resource }) => resource);
    expect(created.sort()).toEqual(rendered.services.map(({ name }) => name).sort());
    expect(allNeeds(operations, 'create postgres')).toContain('create network demo_default');
  });
});

describe('configuration', () => {
  const later = STARTED_AT_MS + 60_000;
  const change = { path: 'prometheus/prometheus.yml', action: 'update', before: 'a', after: 'b' } as const;

  it('reloads a service after its changed file is written', () => {
    const operations = operationsOf(desired, createObserved(full, { fileChanges: [change] }));
    expect(ids(operations)).toEqual(['write files', 'reload prometheus', 'wait prometheus']);
    expect(allNeeds(operations, 'reload prometheus')).toContain('write files');
  });

  it('only writes a file that its service watches by itself', () => {
    const watched = { ...change, path: 'prometheus/targets/postgresql.yml' };
    expect(ids(operationsOf(desired, createObserved(full, { fileChanges: [watched] })))).toEqual([
      'write files',
    ]);
  });

  it.each([
    ['older than the file', new Map([['prometheus', later - 1]]), true],
    ['unknown', new Map(), true],
    ['newer than the file', new Map([['prometheus', later + 1]]), false],
  ])('reloads by what the service has loaded: %s', (_, loadedAt, isReloaded) => {
    const configTimes = new Map([['prometheus', later]]);
    const operations = operationsOf(desired, createObserved(full, { configTimes, loadedAt }));
    expect(ids(operations).includes('reload prometheus')).toBe(isReloaded);
  });

  it('asks nothing of a service that started after its files were written', () => {
    const configTimes = new Map([['prometheus', STARTED_AT_MS - 1]]);
    expect(operationsOf(desired, createObserved(full, { configTimes }))).toEqual([]);
  });

  it('restarts a service that cannot be asked what it has loaded', () => {
    const hidden = rendered.services.map((one) => (one.name === 'prometheus' ? { ...one, ports: [] } : one));
    const input = createDesired({ ...rendered, services: hidden });
    const operations = operationsOf(input, createObserved(full, { fileChanges: [change] }));
    expect(ids(operations)).toContain('restart prometheus');
  });
});

describe('a mounted directory that was removed', () => {
  it('replaces the container, which still holds the old one', () => {
    const files = rendered.files.filter(({ path }) => path.startsWith('prometheus/'));
    const fileChanges = files.map(({ path, content }) => ({
      path,
      action: 'create' as const,
      before: null,
      after: content,
    }));
    const operations = operationsOf(desired, createObserved(full, { fileChanges }));
    expect(operations.find(({ id }) => id === 'create prometheus')?.cause).toBe(
      'its directory ./prometheus was removed',
    );
    const onlyOne = createObserved(full, { fileChanges: fileChanges.slice(0, 1) });
    expect(ids(operationsOf(desired, onlyOne))).not.toContain('create prometheus');
  });
});

describe('secrets', () => {
  it('restarts the service that reads a changed secret, after it is written', () => {
    const secretChanges = [
      { path: 'secrets/postgres-exporter/postgres_exporter.yml', action: 'update' as const },
    ];
    const operations = operationsOf(desired, createObserved(full, { secretChanges }));
    expect(ids(operations)).toEqual(['write secrets', 'restart postgres-exporter', 'wait postgres-exporter']);
    expect(allNeeds(operations, 'restart postgres-exporter')).toContain('write secrets');
  });

  it('restarts a service whose secrets are newer than its start', () => {
    const secretTimes = new Map([['grafana', STARTED_AT_MS + 1]]);
    expect(ids(operationsOf(desired, createObserved(full, { secretTimes })))).toContain('restart grafana');
  });

  it('brings the roles of existing data to the current passwords once the server answers', () => {
    const secretTimes = new Map([['postgres', STARTED_AT_MS + 1]]);
    const operations = operationsOf({ ...desired, bundled }, createObserved(full, { secretTimes }));
    expect(ids(operations)).toContain('ensure roles');
    expect(allNeeds(operations, 'ensure roles')).toContain('wait postgres');
  });

  it('brings the roles up to date when what sets up a new volume changes', () => {
    const change = {
      path: 'postgres/initdb/10-pgmon.sql',
      action: 'update',
      before: 'a',
      after: 'b',
    } as const;
    const operations = operationsOf({ ...desired, bundled }, createObserved(full, { fileChanges: [change] }));
    const ensure = operations.find(({ kind }) => kind === 'ensure-roles');
    expect(ensure).toMatchObject({ container: { service: 'postgres' } });
  });

  it('leaves the roles alone when only other services change', () => {
    const world = withContainer('alertmanager', { serviceHash: 'old' });
    expect(ids(operationsOf({ ...desired, bundled }, createObserved(world)))).not.toContain('ensure roles');
  });
});

describe('what the spec does not have', () => {
  const orphan = createContainer('demo', serviceOf('node-exporter'), {
    id: 'orphan',
    service: 'old',
    name: 'demo-old-1',
  });

  it('stops an orphan and removes it after everything else', () => {
    const world = { ...withContainer('prometheus', { status: 'exited' }) };
    const operations = operationsOf(
      desired,
      createObserved({ ...world, containers: [...world.containers, orphan] }),
    );
    expect(ids(operations)).toEqual([
      'stop leftover demo-old-1',
      'start prometheus',
      'wait prometheus',
      'remove leftover demo-old-1',
    ]);
    expect(allNeeds(operations, 'start prometheus')).toContain('stop leftover demo-old-1');
    expect(allNeeds(operations, 'remove leftover demo-old-1')).toContain('wait prometheus');
  });

  it('removes what an interrupted replacement has left beside its successor', () => {
    const leftover = createContainer('demo', serviceOf('prometheus'), {
      id: 'x',
      name: 'demo-prometheus-1-old',
    });
    const operations = operationsOf(
      desired,
      createObserved({ ...full, containers: [...full.containers, leftover] }),
    );
    expect(ids(operations)).toEqual([
      'stop leftover demo-prometheus-1-old',
      'remove leftover demo-prometheus-1-old',
    ]);
  });

  it('makes the successor that an interrupted replacement did not come to', () => {
    const world = withContainer('prometheus', { name: 'demo-prometheus-1-old', serviceHash: 'old' });
    const operations = operationsOf(desired, createObserved(world));
    expect(allNeeds(operations, 'start prometheus')).toContain('stop leftover demo-prometheus-1-old');
    expect(allNeeds(operations, 'remove leftover demo-prometheus-1-old')).toContain('wait prometheus');
  });

  it('frees the name before a container is set aside a second time', () => {
    const leftover = createContainer('demo', serviceOf('prometheus'), {
      id: 'x',
      name: 'demo-prometheus-1-old',
      status: 'exited',
    });
    const world = withContainer('prometheus', { serviceHash: 'older' });
    const operations = operationsOf(
      desired,
      createObserved({ ...world, containers: [...world.containers, leftover] }),
    );
    expect(allNeeds(operations, 'set aside prometheus')).toContain('remove leftover demo-prometheus-1-old');
  });
});

describe('what forbids a plan', () => {
  it('names every foreign resource and every taken port with its holder', () => {
    const foreign = [{ kind: 'network', name: 'demo_default', reason: 'it has no label of pgmon' }] as const;
    const portsTaken = [
      { service: 'prometheus', address: '127.0.0.1', port: 9090, holder: 'container web-1' },
    ];
    const problems = problemsOf(
      desired,
      createObserved({ ...createEmptyWorld(rendered), foreign }, { portsTaken }),
    );
    expect(problems.map(({ code }) => code)).toEqual(['foreign-resource', 'port-taken']);
    expect(problems[0]?.message).toContain('demo_default');
    expect(problems[1]?.message).toContain('9090');
    expect(problems[1]?.message).toContain('container web-1');
    expect(problems[1]?.hint).toContain('or stop container web-1');
  });

  it('says how to take down the native stack that holds a port', () => {
    const holder = 'stack shop (pgmon-shop-prometheus.service, pid 812)';
    const portsTaken = [{ service: 'prometheus', address: '127.0.0.1', port: 9090, holder }] as const;
    const [problem] = problemsOf(desired, createObserved(createEmptyWorld(rendered), { portsTaken }));
    expect(problem?.message).toContain(holder);
    expect(problem?.hint).toContain('`pgmon down --name shop`');
  });
});

describe('ports that change hands within the stack', () => {
  it('are bound only after the container that had them has stopped', () => {
    const prometheus = serviceOf('prometheus');
    const alertmanager = serviceOf('alertmanager');
    const containers = full.containers.map((one) => {
      if (one.service === 'prometheus') return { ...one, serviceHash: 'old', ports: alertmanager.ports };
      if (one.service === 'alertmanager') return { ...one, serviceHash: 'old', ports: prometheus.ports };
      return one;
    });
    const operations = operationsOf(desired, createObserved({ ...full, containers }));
    expect(allNeeds(operations, 'start prometheus')).toContain('stop alertmanager');
    expect(allNeeds(operations, 'start alertmanager')).toContain('stop prometheus');
  });
});
