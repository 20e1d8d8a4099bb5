/** `check` through Grafana's own API; needs an image of Grafana, which no distribution packages. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasGrafana, specOf, WRONG_PASSWORD } from '../support/check-spec.ts';
import { ensureTestImages, imageVariable } from '../support/images.ts';
import { freePorts, type RunningStack, startStack } from '../support/running-stack.ts';

beforeAll(ensureTestImages);

describe.skipIf(!hasGrafana)(
  `Grafana (skipped where there is no image of it and ${imageVariable('grafana')} names none)`,
  () => {
    let stack: RunningStack;
    beforeAll(async () => {
      stack = await startStack('grafana', async (name, dir) => {
        const [port] = await freePorts(1);
        return specOf(name, dir, { grafana: `{port: ${port}}` });
      });
    });
    afterAll(() => stack?.remove());

    test('is healthy, and a query through its data source returns data', async () => {
      const results = await stack.verify();
      expect(results.get('grafana/grafana')).toMatchObject({ status: 'pass' });
      expect(results.get('data-source/pgmon-prometheus')).toMatchObject({
        status: 'pass',
        detail: expect.stringMatching(/^healthy; sum\(up\) through it gives \d+$/),
      });
    });

    test('a wrong admin password is told as such', async () => {
      const secrets = new Map(stack.secrets).set('grafana.adminPassword', WRONG_PASSWORD);
      const results = await stack.verify({}, { secrets });
      expect(results.get('data-source/pgmon-prometheus')?.detail).toBe(
        'Grafana refused the admin login (HTTP 401)',
      );
    });
  },
);
