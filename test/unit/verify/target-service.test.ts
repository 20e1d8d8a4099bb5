/** Which service answers for a target, with both runtimes, told from what is rendered. */
import { describe, expect, it } from 'vitest';
import type { Stack } from '../../../src/stack/stack.ts';
import { expectedAlertmanagers, expectedRuleGroups, expectedTargets } from '../../../src/verify/expected.ts';
import { serviceOfTarget } from '../../../src/verify/target-service.ts';
import { renderForTest } from '../../support/rendering.ts';
import { createNativeStack, createStack } from '../../support/stack-fixture.ts';

function servicesOf(stack: Stack) {
  const rendered = renderForTest(stack);
  const targets = expectedTargets(rendered.files);
  return targets.map((target) => `${target.job} ${serviceOfTarget(rendered, target) ?? 'nobody'}`);
}

const OWN = [
  'alertmanager alertmanager',
  'grafana grafana',
  'node node-exporter',
  'postgres-exporter postgres-exporter',
  'postgres-exporter postgres-exporter-slow',
  'postgresql postgres-exporter',
  'postgresql-slow postgres-exporter-slow',
  'postgresql-sql sql-exporter',
  'prometheus prometheus',
  'sql-exporter sql-exporter',
];

describe('serviceOfTarget', () => {
  it.each([
    ['docker', createStack()],
    ['native', createNativeStack()],
  ])('finds a service for every target of a rendered stack: %s', (_runtime, stack) => {
    expect([...new Set(servicesOf(stack))].sort()).toEqual(OWN);
  });

  it('leaves targets outside the stack to nobody', () => {
    const rendered = renderForTest(createNativeStack());
    expect(serviceOfTarget(rendered, { job: 'node', address: '10.0.0.5:9100' })).toBeNull();
    expect(serviceOfTarget(rendered, { job: 'node', address: 'node-exporter:9100' })).toBeNull();
  });
});

describe('what a native Prometheus must show', () => {
  const { files } = renderForTest(createNativeStack());

  it('has its rule groups and its Alertmanager on this machine', () => {
    expect(expectedRuleGroups(files).length).toBeGreaterThan(10);
    expect(expectedAlertmanagers(files)).toEqual(['127.0.0.1:9093']);
  });
});
