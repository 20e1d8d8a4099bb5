/** The status of a stack, where who is asked depends on the spec. */
import { describe, expect, it } from 'vitest';
import type { Http } from '../../../src/host/host.ts';
import type { Stack } from '../../../src/stack/stack.ts';
import { observeStatus } from '../../../src/verify/stack-status.ts';
import { createFakeHost } from '../../support/fake-host.ts';
import { createFakeProvider } from '../../support/fake-provider.ts';
import { renderForTest } from '../../support/rendering.ts';
import { createStack } from '../../support/stack-fixture.ts';

const base = createStack();
const EMPTY = JSON.stringify({ status: 'success', data: { alerts: [], activeTargets: [] } });

async function alertsOf(stack: Stack) {
  const http: Http = async () => ({ status: 200, headers: {}, body: EMPTY });
  const host = createFakeHost({ cwd: '/srv/pgmon', http });
  const provider = createFakeProvider({
    containers: [],
    networks: [],
    volumes: [],
    images: new Map(),
    foreign: [],
    users: [],
    obstacles: [],
  });
  const { signal } = new AbortController();
  const input = { stack, rendered: renderForTest(stack), secrets: new Map(), outDir: '/srv/pgmon/out' };
  return (await observeStatus({ host, provider, signal }, input)).alerts;
}

describe('the status of alerts', () => {
  it('is what Prometheus says when it evaluates them', async () => {
    expect(await alertsOf(base)).toEqual({ isSeen: true, value: [] });
  });

  it('is not "none" when Grafana evaluates them', async () => {
    const stack = { ...base, alertmanager: null, alerts: { ...base.alerts, engine: 'grafana' as const } };
    expect(await alertsOf(stack)).toEqual({
      isSeen: false,
      reason: 'Grafana evaluates them: see Alerting in Grafana',
    });
  });
});
