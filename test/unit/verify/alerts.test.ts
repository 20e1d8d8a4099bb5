/** Which alerts can fire, from what Prometheus has. */
import { describe, expect, test } from 'vitest';
import { defineAlert } from '../../../src/catalog/alerts/alert.ts';
import type { Stack } from '../../../src/stack/stack.ts';
import { collectAlerts, judgeAlert, toFinding } from '../../../src/verify/alerts/judge-alert.ts';
import type { Seen } from '../../../src/verify/series/explain-missing.ts';
import { readRenderedRules } from '../../../src/verify/series/rendered-rules.ts';
import { createStack } from '../../support/stack-fixture.ts';

const base = createStack();
const seenOf = (
  changed: Partial<Seen> = {},
  collectors: Stack['postgresExporter']['collectors'] = {},
): Seen => ({
  stack: createStack({ postgresExporter: { ...base.postgresExporter, collectors } }),
  majorVersions: [18],
  downJobs: new Map(),
  ...changed,
});

interface World {
  readonly expr: string;
  readonly series: readonly string[];
  readonly seen?: Seen;
  readonly silentWhen?: string;
  readonly versions?: { readonly min: number | null; readonly max: number | null };
}

/** The result's words for one alert with this expression. */
function judge({ expr, series, seen = seenOf(), silentWhen, versions }: World): string {
  const definition = defineAlert({
    name: 'Some',
    scope: 'server',
    expr,
    severity: 'warning',
    summary: '',
    description: '',
    ...(silentWhen !== undefined && { silentWhen }),
    ...(versions !== undefined && { versions }),
  });
  const [alert] = collectAlerts({
    alerts: [{ name: 'Some', family: 'wal', expr }],
    records: new Map(),
  });
  if (alert === undefined) throw new Error('no alert');
  const found = new Set(series);
  const { status, detail } = toFinding(
    alert,
    judgeAlert(seen, alert, { definition, selectors: found, metrics: found }),
  );
  return `${status} ${detail}`;
}

describe('an alert', () => {
  test('is live when all that it needs has series', () => {
    expect(
      judge({ expr: 'pg_wal_segments / pg_settings_x > 1', series: ['pg_wal_segments', 'pg_settings_x'] }),
    ).toBe('pass live');
  });
  test('is live when one side of its `or` has series', () => {
    const expr = 'pg_stat_checkpointer_num_timed_total or pg_stat_bgwriter_checkpoints_timed_total';
    expect(judge({ expr, series: ['pg_stat_bgwriter_checkpoints_timed_total'] })).toBe('pass live');
    expect(judge({ expr: 'vector(1)', series: [] })).toBe('pass live');
  });
  test('is dead when its collector is off, and says which', () => {
    const seen = seenOf({}, { stat_checkpointer: false });
    const expr = 'pg_stat_checkpointer_num_timed_total or pg_stat_bgwriter_checkpoints_timed_total';
    expect(judge({ expr, series: [], seen })).toBe(
      'fail dead: metric pg_stat_checkpointer_num_timed_total missing, turn on collector stat_checkpointer',
    );
  });
  test('is dead by a switched-off collector even where its metric may be absent by design', () => {
    const seen = seenOf({}, { stat_wal_receiver: false });
    const world = { expr: 'pg_stat_wal_receiver_flushed_lsn > 0', series: [], silentWhen: 'no replica' };
    expect(judge({ ...world, seen })).toContain('turn on collector stat_wal_receiver');
    expect(judge(world)).toBe('pass silent by design: no replica');
  });
  test('names the collector as the exporter’s version does', () => {
    const seen = seenOf({}, { replication_slot: false });
    expect(
      judge({
        expr: 'pg_replication_slot_wal_status == 1 or pg_replication_slots_wal_status == 1',
        series: [],
        seen,
      }),
    ).toBe('fail dead: metric pg_replication_slot_wal_status missing, turn on collector replication_slot');
  });
  test('is dead when no part of the stack gives its metric, whatever its author says about silence', () => {
    expect(
      judge({ expr: 'pg_stat_replication_lag_seconds > 60', series: [], silentWhen: 'no replica' }),
    ).toBe('fail dead: metric pg_stat_replication_lag_seconds missing: no part of the stack gives it');
  });
  test('is dead when its collector is on and its metric missing all the same', () => {
    expect(judge({ expr: 'pg_wal_segments > 1', series: [] })).toBe(
      'fail dead: metric pg_wal_segments missing although collector wal is on',
    );
  });
  test('is dead when its matchers fit no series of a metric that is there', () => {
    const expr = 'pg_locks_count{mode="exclusive"} > 1';
    expect(judge({ expr, series: ['pg_locks_count'] })).toBe(
      'fail dead: no series of pg_locks_count fits pg_locks_count{mode="exclusive"}',
    );
  });
  test('may have matchers that fit something only in trouble, when its author says so', () => {
    const expr = 'pg_stat_activity_count{wait_event_type="Lock"} > 1';
    expect(judge({ expr, series: ['pg_stat_activity_count'], silentWhen: 'no session waits' })).toBe(
      'pass silent by design: no session waits',
    );
  });
  test('is silent while no session is like the ones it watches, but not without any figures of sessions', () => {
    const expr = 'pg_stat_activity_max_tx_duration{state="active"} > 1';
    expect(judge({ expr, series: ['pg_stat_activity_max_tx_duration'] })).toBe(
      'pass silent by design: no session is like that just now',
    );
    expect(judge({ expr, series: [] })).toContain('metric pg_stat_activity_max_tx_duration missing');
  });
  test('is silent on versions that it does not hold for', () => {
    const versions = { min: 17, max: null };
    expect(judge({ expr: 'pg_up', series: ['pg_up'], versions, seen: seenOf({ majorVersions: [16] }) })).toBe(
      'pass silent by design: only PostgreSQL 17 and newer have it',
    );
    expect(
      judge({ expr: 'pg_up', series: ['pg_up'], versions, seen: seenOf({ majorVersions: [16, null] }) }),
    ).toBe('pass live');
  });
  test('is silent where every server is too old for its metric', () => {
    const seen = seenOf({ majorVersions: [13] });
    expect(judge({ expr: 'pg_stat_database_active_time_seconds_total', series: [], seen })).toBe(
      'pass silent by design: only PostgreSQL 14 and newer have it',
    );
  });
  test('is silent because of the server rather than of the exporter’s version', () => {
    const expr = 'pg_replication_slots_wal_status == 1 or pg_replication_slot_wal_status == 1';
    expect(judge({ expr, series: [] })).toBe('pass silent by design: no replication slot');
  });
  test('is not judged while what gives its metric is down', () => {
    const downJobs = new Map([['postgresql-slow', 'no target of job postgresql-slow is up']]);
    expect(judge({ expr: 'pg_wal_segments > 1', series: [], seen: seenOf({ downJobs }) })).toBe(
      'skip not judged: no target of job postgresql-slow is up',
    );
  });
  test('does not count a constant in place of a metric that can never come', () => {
    const seen = seenOf({}, { wal: false });
    expect(judge({ expr: '(pg_wal_segments or vector(0)) > 5', series: [], seen })).toContain(
      'turn on collector wal',
    );
    expect(judge({ expr: '(pg_stat_replication_pg_wal_lsn_diff or vector(0)) > 5', series: [] })).toBe(
      'pass live',
    );
  });
});

test('rendered rules of one name are one alert, on top of what their recording rules rest on', () => {
  const rules = `groups:
  - name: pgmon-recording
    rules: [{record: "instance:wal:sum", expr: sum(pg_wal_segments)}]
  - name: pgmon-wal
    rules:
      - {alert: A, expr: "instance:wal:sum > 1"}
      - {alert: A, expr: "instance:wal:sum > 2"}
`;
  const read = readRenderedRules([
    { path: 'prometheus/rules/x.yml', content: rules },
    { path: 'prometheus/prometheus.yml', content: 'groups: [{name: g, rules: [{alert: B, expr: up}]}]' },
  ]);
  expect(collectAlerts(read)).toEqual([
    {
      name: 'A',
      family: 'wal',
      expressions: [1, 2].map(() => ({
        kind: 'selector',
        metric: 'pg_wal_segments',
        text: 'pg_wal_segments',
      })),
    },
  ]);
});
