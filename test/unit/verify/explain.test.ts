/** Failures point at the failure that explains them. */
import { describe, expect, test } from 'vitest';
import type { ServiceName } from '../../../src/conventions.ts';
import type { CheckResult, Hop } from '../../../src/verify/check-result.ts';
import { type Circumstances, explainFailures } from '../../../src/verify/explain.ts';

const result = (hop: Hop, subject: string, status: CheckResult['status'] = 'fail'): CheckResult => ({
  id: `${hop}/${subject}`,
  hop,
  subject,
  status,
  detail: 'd',
  hint: status === 'fail' ? 'own' : null,
  durationMs: 1,
});
const SERVICES: readonly (readonly [string, ServiceName])[] = [
  ['postgresql/db', 'postgres-exporter'],
  ['postgresql-sql/db', 'sql-exporter'],
  ['node/node-exporter:9100', 'node-exporter'],
];
const around: Circumstances = { bundled: new Set(['demo']), serviceOf: new Map(SERVICES) };
const hints = (results: readonly CheckResult[]) =>
  Object.fromEntries(explainFailures(results, around).map(({ id, hint }) => [id, hint]));

describe('explainFailures', () => {
  test('an exporter that fails after the login points at the login', () => {
    expect(hints([result('sql-login', 'db'), result('exporter', 'db'), result('exporter', 'other')])).toEqual(
      {
        'sql-login/db': 'own',
        'exporter/db': 'first fix sql-login/db',
        'exporter/other': 'own',
      },
    );
  });
  test('everything behind a stopped Prometheus points at its container, not at the hop between', () => {
    const seen = hints([
      result('container', 'prometheus'),
      result('prometheus', 'prometheus'),
      result('rules', 'g'),
      result('target', 'node/x'),
    ]);
    expect(seen['prometheus/prometheus']).toBe('first fix container/prometheus');
    expect(seen['rules/g']).toBe('first fix container/prometheus');
    expect(seen['target/node/x']).toBe('first fix container/prometheus');
  });
  test('a target points at the container it is scraped from', () => {
    expect(
      hints([result('container', 'postgres-exporter'), result('target', 'postgresql/db')])[
        'target/postgresql/db'
      ],
    ).toBe('first fix container/postgres-exporter');
  });
  test('a target outside the stack does not rest on the service that its job is named after', () => {
    const seen = hints([
      result('container', 'node-exporter'),
      result('target', 'node/10.0.0.5:9100'),
      result('target', 'node/node-exporter:9100'),
    ]);
    expect(seen['target/node/10.0.0.5:9100']).toBe('own');
    expect(seen['target/node/node-exporter:9100']).toBe('first fix container/node-exporter');
  });
  test('only the bundled server rests on the postgres container', () => {
    const seen = hints([
      result('container', 'postgres'),
      result('sql-login', 'demo'),
      result('sql-login', 'far'),
    ]);
    expect(seen).toMatchObject({ 'sql-login/demo': 'first fix container/postgres', 'sql-login/far': 'own' });
  });
  test('a server that is down is one problem: its slower jobs are not judged', () => {
    const results = explainFailures(
      [
        result('exporter', 'db'),
        result('exporter', 'other', 'pass'),
        result('target', 'postgresql/db'),
        result('target', 'postgresql-slow/db'),
        result('target', 'postgresql-sql/db'),
        result('target', 'postgresql-sql/other'),
      ],
      around,
    );
    expect(results.filter(({ status }) => status === 'fail').map(({ id }) => id)).toEqual([
      'exporter/db',
      'target/postgresql/db',
      'target/postgresql-sql/other',
    ]);
    expect(results.find(({ id }) => id === 'target/postgresql-slow/db')).toMatchObject({
      status: 'skip',
      detail: 'd; follows from exporter/db',
      hint: null,
    });
  });
  test('an exporter that is down says nothing about the other jobs of its servers', () => {
    const results = explainFailures(
      [
        result('container', 'postgres-exporter'),
        result('exporter', 'db'),
        result('target', 'postgresql-slow/db'),
      ],
      around,
    );
    expect(results.at(2)).toMatchObject({ status: 'fail', hint: 'own' });
  });
  test('each exporter points at its own container', () => {
    const seen = hints([
      result('container', 'postgres-exporter-slow'),
      result('container', 'sql-exporter'),
      result('exporter', 'db/slow'),
      result('exporter', 'db/sql'),
      result('target', 'postgresql-sql/db'),
    ]);
    expect(seen).toMatchObject({
      'exporter/db/slow': 'first fix container/postgres-exporter-slow',
      'exporter/db/sql': 'first fix container/sql-exporter',
      'target/postgresql-sql/db': 'first fix container/sql-exporter',
    });
  });
  test('passes and skips stay as they are', () => {
    const results = [
      result('container', 'grafana'),
      result('grafana', 'grafana', 'skip'),
      result('rules', 'g', 'pass'),
    ];
    expect(explainFailures(results, around)).toEqual(results);
  });
  test('where systemd runs the services, what rests on them points at units', () => {
    const seen = hints([
      result('unit', 'prometheus'),
      result('unit', 'sql-exporter'),
      result('unit', 'grafana', 'pass'),
      result('rules', 'g'),
      result('target', 'postgresql-sql/db'),
      result('exporter', 'db/sql'),
      result('grafana', 'grafana'),
    ]);
    expect(seen).toMatchObject({
      'rules/g': 'first fix unit/prometheus',
      'target/postgresql-sql/db': 'first fix unit/prometheus',
      'exporter/db/sql': 'first fix unit/sql-exporter',
      'grafana/grafana': 'own',
    });
  });
});
