import { readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { COMPONENTS } from '../../src/catalog/components.ts';
import type { Stack } from '../../src/stack/stack.ts';
import { createFullStack } from '../support/full-stack-fixture.ts';
import { goldenFiles } from '../support/golden-files.ts';
import { allFiles, renderForTest } from '../support/rendering.ts';
import { createStack } from '../support/stack-fixture.ts';
import { readStack, STACK_FILES } from '../support/stacks.ts';

/** What no stack in stacks/ shows: every feature at once, and what newer components are given. */
function newerStack(): Stack {
  const base = createStack();
  const image = (name: keyof typeof COMPONENTS, version: string) => ({
    reference: `${COMPONENTS[name].repository}:${COMPONENTS[name].tagPrefix}${version}`,
    version,
    chosenBy: 'spec' as const,
  });
  return {
    ...base,
    name: 'newer',
    prometheus: { ...base.prometheus, image: image('prometheus', '3.14.0') },
    postgresExporter: {
      ...base.postgresExporter,
      image: image('postgres-exporter', '0.20.1'),
      collectors: { replication_slot: false },
    },
    grafana: base.grafana && { ...base.grafana, image: image('grafana', '13.2.1') },
  };
}

/** Grafana instead of Alertmanager, and objectives. */
function grafanaEngineStack(): Stack {
  const base = createFullStack({ name: 'grafana-engine', alertmanager: null });
  const slo = { availability: 99.9, windowDays: 30, latency: { thresholdMs: 50, objective: 99 } };
  return {
    ...base,
    alerts: { ...base.alerts, engine: 'grafana' },
    servers: base.servers.map((server, i) => ({ ...server, slo: i === 0 ? null : slo })),
  };
}

const STACKS: readonly (readonly [string, () => Stack])[] = [
  ...STACK_FILES.map(([name, file]) => [name, () => readStack(file)] as const),
  ['fixture-everything', () => createFullStack()],
  ['fixture-newer', newerStack],
  ['fixture-grafana-engine', grafanaEngineStack],
];

/** Has all its golden files in full. */
const BASE = 'demo';
const BASE_FILES = allFiles(renderForTest(readStack('demo.yaml')));

function filesBelow(dir: string): readonly string[] {
  return readdirSync(dir, { recursive: true, withFileTypes: true, encoding: 'utf8' })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(dir, path.join(entry.parentPath, entry.name)));
}

describe.each(STACKS)('the rendering of %s', (name, stackOf) => {
  const dir = path.join(import.meta.dirname, name, 'expected');
  const goldensOf = () => goldenFiles(allFiles(renderForTest(stackOf())), name === BASE ? [] : BASE_FILES);

  it('is the expected one', async () => {
    for (const golden of goldensOf()) {
      await expect(golden.content, golden.path).toMatchFileSnapshot(path.join(dir, golden.path));
    }
  });

  it('leaves no expected file unrendered', () => {
    expect(filesBelow(dir).toSorted()).toEqual(
      goldensOf()
        .map((golden) => golden.path)
        .toSorted(),
    );
  });
});
