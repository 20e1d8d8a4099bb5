import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { SQL_QUERIES } from '../../../src/catalog/sql-queries/all-queries.ts';
import { customQuery } from '../../../src/render/custom-sql.ts';
import { buildSqlExporterConfig, moduleText } from '../../../src/render/sql-exporter.ts';
import type { CustomMetric, Stack } from '../../../src/stack/stack.ts';
import { createFullStack } from '../../support/full-stack-fixture.ts';
import { renderForTest, serviceOf, textOf } from '../../support/rendering.ts';
import { createServer, createStack } from '../../support/stack-fixture.ts';

const METRIC: CustomMetric = {
  name: 'orders_open',
  help: 'Open orders',
  type: 'gauge',
  query: 'SELECT shop, count(*) AS n FROM orders GROUP BY 1 -- all of them\n ; ',
  value: 'n',
  labels: ['shop', 'da"ta'],
  intervalSeconds: 30,
  minVersion: 14,
  servers: ['orders'],
};

function configOf(stack: Stack) {
  if (stack.sqlExporter === null) throw new Error('the stack has no SQL exporter');
  return buildSqlExporterConfig(stack, stack.sqlExporter);
}

/** What a program sees that imports the text. */
async function imported(text: string): Promise<unknown> {
  const dir = mkdtempSync(path.join(os.tmpdir(), 'pgmon-test-module-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  const file = path.join(dir, 'config.mjs');
  writeFileSync(file, text);
  const module = (await import(/* @vite-ignore */ file)) as { readonly default: unknown };
  return module.default;
}

describe("the user's SQL", () => {
  it('stands behind FROM, its comments ended and its names quoted', () => {
    const query = customQuery(METRIC);
    expect(query.sql).toBe(
      'SELECT q."shop", q."da""ta", q."n" AS "orders_open"\nFROM (\n' +
        'SELECT shop, count(*) AS n FROM orders GROUP BY 1 -- all of them\n) AS q',
    );
    expect(query).toMatchObject({
      runsAlone: true,
      intervalSeconds: 30,
      minVersion: 14,
      servers: ['orders'],
    });
  });
});

describe('the configuration', () => {
  it.each([
    `a\n\`\${process.exit(1)}\`\\n\\\`\r\n"quoted" \u2028 $x`,
    `line\n\\u0041 \\\${not}`,
    'one line with \\n in it',
  ])('reads back as it was: %j', async (sql) => {
    expect(await imported(moduleText({ sql, other: [1, null, sql] }))).toEqual({
      sql,
      other: [1, null, sql],
    });
  });

  it('holds paths of secrets and no secret', () => {
    const rendered = renderForTest(createFullStack());
    expect(textOf(rendered, 'sql-exporter/config.mjs')).not.toContain('value of ');
    const orders = configOf(createFullStack()).servers.find(({ name }) => name === 'orders');
    expect(orders).toMatchObject({
      host: 'host.docker.internal',
      passwordFile: '/run/secrets/servers.orders.password',
      caFile: '/run/secrets/servers.orders.tls.ca',
      keyFile: '/run/secrets/servers.orders.tls.key',
      sslMode: 'verify-full',
    });
    expect(rendered.secretFiles.map((file) => file.path)).toContain(
      'secrets/sql-exporter/servers.orders.tls.key',
    );
  });

  it('asks as often as it is scraped, never more seldom than the catalogue says', () => {
    const intervals = (slowIntervalSeconds: number) => {
      const base = createStack();
      const { queries } = configOf({ ...base, scrape: { ...base.scrape, slowIntervalSeconds } });
      return [...new Set(queries.map((query) => query.intervalSeconds))].sort((a, b) => a - b);
    };
    expect(intervals(60)).toEqual([60, 300]);
    expect(intervals(6)).toEqual([6, 30]);
    expect(intervals(1)).toEqual([1, 5]);
    expect(intervals(120)).toEqual([60, 300]);
  });

  it('bounds the tables and indexes of a database', () => {
    const { queries } = configOf(createStack());
    expect(queries.filter(({ sql }) => sql.includes('LIMIT 50')).map(({ name }) => name)).toEqual(
      expect.arrayContaining(['tables', 'indexes']),
    );
    expect(queries.filter(({ sql }) => sql.includes('<top>'))).toEqual([]);
  });

  it('carries the metrics of the spec', () => {
    const base = createStack();
    const sqlExporter = base.sqlExporter && { ...base.sqlExporter, customMetrics: [METRIC] };
    expect(configOf({ ...base, sqlExporter }).queries.at(-1)).toMatchObject({ name: 'orders_open' });
  });
});

describe('the service', () => {
  it('mounts no secrets where no server asks for one', () => {
    const open = createStack({ servers: [createServer({ password: null })], postgres: null });
    const service = serviceOf(renderForTest(open), 'sql-exporter');
    expect(service.mounts.map(({ target }) => target)).toEqual(['/etc/pgmon']);
    expect(service.secretsDir).toBeNull();
  });

  it('is left out with its files', () => {
    const rendered = renderForTest(createStack({ sqlExporter: null }));
    const paths = [...rendered.files, ...rendered.secretFiles].map((file) => file.path);
    expect(rendered.services.map(({ name }) => name)).not.toContain('sql-exporter');
    expect(paths.filter((file) => file.includes('sql-exporter'))).toEqual([]);
  });
});

describe('the catalogue of queries', () => {
  it('names each query once', () => {
    const names = SQL_QUERIES.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  it.each([13, 14, 15, 16, 17, 18])('has each metric once for PostgreSQL %i', (version) => {
    const metrics = SQL_QUERIES.filter(
      ({ minVersion, maxVersion }) => (minVersion ?? 0) <= version && (maxVersion ?? 99) >= version,
    ).flatMap((query) => query.metrics.map(({ name }) => name));
    expect(new Set(metrics).size).toBe(metrics.length);
    expect(metrics).toContain('pgmon_subscription_enabled');
  });

  it.each(SQL_QUERIES)('$name has every column that it promises', ({ sql, labels, metrics }) => {
    for (const name of [...labels, ...metrics.map((metric) => metric.name)]) expect(sql).toContain(name);
  });

  it.each(SQL_QUERIES)('$name calls nothing that would wait for the lock on a table', ({ sql }) => {
    expect(sql).not.toMatch(/pg_(table|relation|total_relation|indexes)_size|::regclass::|to_regclass/);
  });

  it.each(SQL_QUERIES)('$name ends its counters, and only those, in _total', ({ metrics }) => {
    for (const { name, type } of metrics) expect(name.endsWith('_total')).toBe(type === 'counter');
  });
});
