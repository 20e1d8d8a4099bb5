/** The user's dashboards in a real Grafana: provisioned, changed there, and taken back; needs an image of Grafana. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { MORE_DASHBOARDS_FOLDER, MORE_DASHBOARDS_FOLDER_UID } from '../../src/conventions.ts';
import { hasGrafana } from '../support/check-spec.ts';
import { ensureTestImages, imageVariable } from '../support/images.ts';
import { freePorts } from '../support/running-stack.ts';
import { createTestStack, smallSpec } from '../support/test-stack.ts';

const ADMIN = 'grafana-of-a-test';
const ORDERS = {
  uid: 'orders-1',
  title: 'Orders by shop',
  schemaVersion: 42,
  panels: [
    {
      id: 1,
      type: 'stat',
      title: 'Orders',
      gridPos: { h: 4, w: 6, x: 0, y: 0 },
      datasource: { type: 'prometheus', uid: 'pgmon-prometheus' },
      targets: [{ refId: 'A', expr: 'orders_open' }],
    },
  ],
};

interface Stored {
  readonly dashboard: Record<string, unknown>;
  readonly meta: { readonly folderTitle?: string; readonly provisioned?: boolean };
}

beforeAll(ensureTestImages);

describe.skipIf(!hasGrafana)(
  `dashboards in Grafana (skipped where there is no image of it and ${imageVariable('grafana')} names none)`,
  () => {
    test('come from files, may be changed there, and come back as files', { timeout: 300_000 }, async () => {
      const stack = await createTestStack('boards');
      const [port = 0] = await freePorts(1);
      await writeFile(path.join(stack.dir, 'admin'), ADMIN);
      await stack.writeSpec(smallSpec(stack));
      const spec = await readFile(stack.specFile, 'utf8');
      const grafana = `grafana: {port: ${port}, adminPassword: {file: admin}}`;
      await writeFile(stack.specFile, spec.replace('grafana: {enabled: false}', grafana));
      const file = path.join(stack.dir, 'dashboards/orders.json');
      await mkdir(path.dirname(file));
      await writeFile(file, JSON.stringify(ORDERS));
      const api = async (where: string, body?: unknown): Promise<unknown> => {
        const response = await fetch(`http://127.0.0.1:${port}/api/${where}`, {
          headers: {
            authorization: `Basic ${Buffer.from(`admin:${ADMIN}`).toString('base64')}`,
            'content-type': 'application/json',
          },
          ...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }),
        });
        return response.status === 200 ? response.json() : null;
      };
      const stored = async (uid: string) => (await api(`dashboards/uid/${uid}`)) as Stored | null;
      const dashboards = async (...words: readonly string[]) => stack.pgmon(['dashboards', ...words]);

      const up = await stack.pgmon(['up']);
      expect(up.code, up.stderr).toBe(0);
      await expect
        .poll(async () => (await stored(ORDERS.uid))?.meta, { timeout: 60_000 })
        .toMatchObject({
          folderTitle: MORE_DASHBOARDS_FOLDER,
          provisioned: true,
        });
      // Grafana may bring the file up to its own schema: what it made of it is taken once.
      expect((await dashboards('export')).code).toBe(0);
      expect((await dashboards('diff')).stdout).toContain('1 dashboard is in Grafana as in dashboards');

      const { dashboard } = (await stored(ORDERS.uid)) as Stored;
      const changed = { ...dashboard, title: 'Orders by shop and day' };
      const save = { dashboard: changed, folderUid: MORE_DASHBOARDS_FOLDER_UID, overwrite: true };
      expect(await api('dashboards/db', save)).toMatchObject({ status: 'success' });
      const mine = { uid: 'mine-1', title: 'Mine', schemaVersion: 42, panels: [] };
      expect(await api('dashboards/db', { dashboard: mine })).toMatchObject({ status: 'success' });
      const diff = await dashboards('diff');
      expect(diff.code).toBe(10);
      expect(diff.stdout).toContain('Orders by shop and day: changed in Grafana');
      expect(diff.stdout).toContain('Mine: in Grafana only');

      expect((await dashboards('export')).stdout).toContain('dashboards/mine.json: Mine (created)');
      expect(await readFile(file, 'utf8')).toContain('Orders by shop and day');
      expect((await dashboards('diff')).code).toBe(0);
      expect((await stack.pgmon(['up'])).code).toBe(0);
      await expect
        .poll(async () => (await stored('mine-1'))?.meta.folderTitle, { timeout: 90_000 })
        .toBe(MORE_DASHBOARDS_FOLDER);
      expect((await dashboards('diff')).code).toBe(0);
    });
  },
);
