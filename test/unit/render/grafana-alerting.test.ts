/** Grafana as the alerting engine: the same alerts, nobody else evaluates them, nothing that Grafana would refuse. */

import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { ALERT_NAMES } from '../../../src/catalog/alerts/every-alert.ts';
import { SLO_ALERT_NAMES } from '../../../src/catalog/slo/slo-alerts.ts';
import { PROMETHEUS_UNREACHABLE, ruleUid } from '../../../src/render/grafana-alert-rules.ts';
import { buildRuleGroups } from '../../../src/render/rules.ts';
import { parseSpec } from '../../../src/spec/parse-spec.ts';
import { resolveStack } from '../../../src/spec/resolve-stack.ts';
import { EMPTY_LOCK } from '../../../src/stack/lock.ts';
import type { Stack } from '../../../src/stack/stack.ts';
import { readRenderedRules } from '../../../src/verify/series/rendered-rules.ts';
import { createFullStack } from '../../support/full-stack-fixture.ts';
import { findGrafanaProblems, type GrafanaFiles, readGrafanaFiles } from '../../support/grafana-files.ts';
import { renderForTest, secretValuesForTest, serviceOf, textOf } from '../../support/rendering.ts';

const SLO = { availability: 99.9, windowDays: 30, latency: { thresholdMs: 50, objective: 99 } };

function grafanaStack(overrides: Partial<Stack> = {}): Stack {
  const base = createFullStack();
  return {
    ...base,
    alertmanager: null,
    alerts: { overrides: {}, disabled: [], engine: 'grafana', runbookUrl: 'https://books.example.com' },
    servers: base.servers.map((server, index) => ({
      ...server,
      slo: SLO,
      alerts:
        index === 0
          ? {
              overrides: {
                PostgreSQLDown: { value: null, for: '9m', keepFiringFor: null, severity: 'warning' },
              },
              disabled: [],
            }
          : { overrides: {}, disabled: [] },
    })),
    delivery: {
      ...base.delivery,
      routes: [
        { receiver: 'pager', match: { team: 'a$b', severity: 'critical' }, continues: true, mute: ['night'] },
        { receiver: 'mail', match: {}, continues: false, mute: [] },
      ],
      muteTimes: [
        {
          name: 'night',
          weekdays: ['monday', 'sunday'],
          times: [{ from: '22:00', to: '24:00' }],
          location: 'Europe/Berlin',
        },
      ],
      deadManSwitch: { receiver: 'hook', intervalSeconds: 300 },
    },
    ...overrides,
  };
}

const filesOf = (stack: Stack): GrafanaFiles => readGrafanaFiles(renderForTest(stack).files);

describe('Grafana as the engine', () => {
  const stack = grafanaStack();
  const rendered = renderForTest(stack);
  const files = readGrafanaFiles(rendered.files);
  const rules = files.groups.flatMap((group) => group.rules);

  it('is checked for the same alerts as Prometheus would be', () => {
    const alertsOf = (one: Stack) =>
      readRenderedRules(renderForTest(one).files)
        .alerts.map(({ name, family, expr }) => `${family} ${name} ${expr}`)
        .sort();
    const own = alertsOf(stack).filter((alert) => !alert.includes(PROMETHEUS_UNREACHABLE));
    expect(own.length).toBeGreaterThan(90);
    expect(own).toEqual(alertsOf({ ...stack, alerts: { ...stack.alerts, engine: 'alertmanager' } }));
  });

  it('gets files that it takes, and that work', () => {
    expect(findGrafanaProblems(files)).toEqual([]);
    expect(
      findGrafanaProblems(
        filesOf(
          grafanaStack({
            delivery: {
              ...stack.delivery,
              receivers: [],
              routes: [],
              defaultReceiver: null,
              deadManSwitch: null,
            },
          }),
        ),
      ),
    ).toEqual([]);
  });

  it('asks what the Prometheus rules ask, with the same times and severities', () => {
    const expected = buildRuleGroups(stack).flatMap((group) =>
      group.alerts.map((rule) => [
        rule.alert,
        rule.expr,
        rule.for ?? '0s',
        rule.keepFiringFor ?? '0s',
        rule.severity,
      ]),
    );
    const found = rules
      .filter(({ title }) => title !== PROMETHEUS_UNREACHABLE)
      .map((rule) => [
        rule.title,
        rule.data[0]?.model.expr,
        rule.for,
        rule.keepFiringFor,
        rule.labels.severity,
      ]);
    expect(expected.length).toBeGreaterThan(10);
    expect(found.toSorted()).toEqual(expected.toSorted());
  });

  it('has the alerts alone: Prometheus keeps its recording rules and knows no Alertmanager', () => {
    const ruleFiles = rendered.files.filter(({ path }) => path.startsWith('prometheus/rules/'));
    const inPrometheus = ruleFiles.flatMap(({ content }) => parse(content).groups[0].rules as object[]);
    expect(inPrometheus.length).toBeGreaterThan(0);
    expect(inPrometheus.filter((rule) => 'alert' in rule)).toEqual([]);
    expect(textOf(rendered, 'prometheus/prometheus.yml')).not.toContain('alerting:');
    expect(rendered.services.map(({ name }) => name)).not.toContain('alertmanager');
    expect(serviceOf(rendered, 'grafana').environment).not.toHaveProperty(
      'GF_UNIFIED_ALERTING_EXECUTE_ALERTS',
    );
  });

  it('fires on any result, 0 and NaN too, and is quiet without one', () => {
    for (const rule of rules) {
      expect(rule.data[1]?.model.expression, rule.uid).toBe('is_null($A) == 0');
      expect(rule.noDataState, rule.uid).toBe('OK');
    }
    const stateOnError = (title: string) => rules.find((rule) => rule.title === title)?.execErrState;
    expect(stateOnError('Watchdog')).toBe('OK');
    expect(stateOnError('PostgreSQLDown')).toBe('KeepLast');
    expect(stateOnError(PROMETHEUS_UNREACHABLE)).toBe('Alerting');
  });

  it("puts a server's own choices in a rule of another folder, under the same name", () => {
    const down = files.groups.flatMap(({ folder, rules: own }) =>
      own.filter(({ title }) => title === 'PostgreSQLDown').map((rule) => [folder, rule.uid, rule.for]),
    );
    expect(down).toEqual([
      ['PostgreSQL alerts', 'pgmon-PostgreSQLDown', '1m'],
      ['PostgreSQL alerts, part 2', 'pgmon-PostgreSQLDown-2', '9m'],
    ]);
  });

  it('removes what is switched off', () => {
    const off = filesOf(grafanaStack({ alerts: { ...stack.alerts, disabled: ['PostgreSQLDown'] } }));
    expect(off.deleteRules.map(({ uid }) => uid)).toContain('pgmon-PostgreSQLDown');
    expect(files.deleteRules.map(({ uid }) => uid)).not.toContain('pgmon-PostgreSQLDown');
  });

  it('gives every alert of the catalogue a uid of its own', () => {
    const uids = ALERT_NAMES.flatMap((name) => [0, 1, 7].map((index) => ruleUid(name, index)));
    expect(new Set(uids).size).toBe(uids.length);
  });

  it('routes as the spec says, the Watchdog first and to its switch alone', () => {
    const [root] = files.policies;
    expect(root?.receiver).toBe('hook');
    expect(root?.routes).toEqual([
      {
        receiver: 'hook',
        object_matchers: [['alertname', '=', 'Watchdog']],
        continue: false,
        group_by: ['alertname'],
        group_wait: '0s',
        group_interval: '150000ms',
        repeat_interval: '225000ms',
      },
      {
        receiver: 'pager',
        // Grafana replaces what follows a single dollar sign.
        object_matchers: [
          ['severity', '=', 'critical'],
          ['team', '=', 'a$$b'],
        ],
        continue: true,
        mute_time_intervals: ['night'],
      },
      { receiver: 'mail', object_matchers: [], continue: false },
    ]);
    expect(files.muteTimes).toEqual([
      {
        orgId: 1,
        name: 'night',
        time_intervals: [
          {
            times: [{ start_time: '22:00', end_time: '24:00' }],
            weekdays: ['monday', 'sunday'],
            location: 'Europe/Berlin',
          },
        ],
      },
    ]);
  });

  it('sends nothing to nobody: without a default receiver the rest is muted', () => {
    const { delivery } = stack;
    const [root] = filesOf(
      grafanaStack({ delivery: { ...delivery, defaultReceiver: null, deadManSwitch: null } }),
    ).policies;
    expect(root?.routes?.at(0)).toMatchObject({ mute_time_intervals: ['pgmon-always'] });
    expect(root?.routes?.at(-1)).toMatchObject({
      object_matchers: [],
      mute_time_intervals: ['pgmon-always'],
    });
  });

  it('reads secrets from files that only it has', () => {
    const text = rendered.files.map(({ content }) => content).join('\n');
    for (const value of secretValuesForTest(rendered).values()) expect(text).not.toContain(value);
    const references = [...text.matchAll(/\$__file\{\/run\/secrets\/([^}]+)\}/g)].map((match) => match[1]);
    const given = rendered.secretFiles.map(({ path }) => path);
    expect(references.length).toBeGreaterThan(6);
    for (const name of references) expect(given).toContain(`secrets/grafana/${name}`);
    expect(serviceOf(rendered, 'grafana').environment).toMatchObject({
      GF_SMTP_HOST: 'smtp.example.com:587',
      GF_SMTP_PASSWORD__FILE: '/run/secrets/receivers.mail.password',
    });
    expect(given).toContain('secrets/grafana/receivers.mail.password');
  });

  it.each(['12345678901234567890123456789012', '1e5', 'true', 'https://example.com/$HOME'])(
    'refuses the secret %s, which it would change, without telling it',
    (value) => {
      const file = rendered.secretFiles.find(
        ({ path }) => path === 'secrets/grafana/receivers.pager.routingKey',
      );
      const write = () => file?.render(new Map([['receivers.pager.routingKey', value]]));
      expect(write).toThrow(/^the secret receivers\.pager\.routingKey (contains|looks like)/);
      expect(write).not.toThrow(value);
    },
  );

  it('keeps a secret that is plain text', () => {
    const file = rendered.secretFiles.find(
      ({ path }) => path === 'secrets/grafana/receivers.pager.routingKey',
    );
    expect(file?.render(new Map([['receivers.pager.routingKey', '1e5f00ab']]))).toBe('1e5f00ab');
  });
});

describe('a spec that asks for Grafana', () => {
  const SPEC = `apiVersion: pgmon/v1
name: x
servers: [{name: a, host: db.example.com, password: {env: P}}]
slo: {queryLatencyMs: 50}
alerting:
  engine: grafana
  defaultReceiver: hook
  receivers: [{name: hook, webhook: {url: {env: HOOK}}}]
`;
  const resolved = (without: readonly string[]) => {
    const parsed = parseSpec(SPEC, 'x.yaml');
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
    const result = resolveStack(parsed.document, { specDir: '/', lock: EMPTY_LOCK, without });
    if (!result.ok) throw new Error(JSON.stringify(result.issues));
    return result;
  };

  it('gets a stack without Alertmanager, with the alerts of its objectives in Grafana', () => {
    const { stack, warnings } = resolved([]);
    expect(stack.alertmanager).toBeNull();
    expect(warnings).toEqual([]);
    const files = filesOf(stack);
    expect(findGrafanaProblems(files)).toEqual([]);
    const titles = files.groups.flatMap(({ rules }) => rules.map(({ title }) => title));
    expect(titles).toEqual(expect.arrayContaining([...SLO_ALERT_NAMES]));
  });

  it('is told when a run leaves Grafana out', () => {
    expect(resolved(['grafana']).warnings).toEqual(['alerts are not sent to anybody: Grafana is left out']);
  });
});

describe('Alertmanager as the engine', () => {
  it('leaves Grafana nothing to evaluate', () => {
    const rendered = renderForTest(createFullStack());
    expect(rendered.files.filter(({ path }) => path.includes('provisioning/alerting'))).toEqual([]);
    expect(serviceOf(rendered, 'grafana').environment).toMatchObject({
      GF_UNIFIED_ALERTING_EXECUTE_ALERTS: 'false',
    });
  });
});

describe('the judge of these tests', () => {
  const good = filesOf(grafanaStack());
  const withRule = (change: object): GrafanaFiles => ({
    ...good,
    groups: good.groups.map((group, i) =>
      i === 0
        ? { ...group, rules: group.rules.map((rule, j) => (j === 0 ? { ...rule, ...change } : rule)) }
        : group,
    ),
  });

  it.each([
    ['a uid of 41 characters', withRule({ uid: 'x'.repeat(41) })],
    ['a uid with a dot', withRule({ uid: 'a.b' })],
    ['a uid twice', withRule({ uid: good.groups.at(-1)?.rules[0]?.uid })],
    ['a condition that is no query', withRule({ condition: 'C' })],
    ['a duration without unit', withRule({ for: '90' })],
    ['an unknown state', withRule({ execErrState: 'Panic' })],
    ["Prometheus' spelling of a field", withRule({ keep_firing_for: '5m' })],
    ['a text that only Prometheus fills', withRule({ annotations: { summary: '{{ $value }}' } })],
    ['a single dollar sign in a label', withRule({ labels: { a: '{{ $labels.job }}' } })],
    [
      'an interval of 15 seconds',
      { ...good, groups: good.groups.map((group) => ({ ...group, interval: '15s' })) },
    ],
    ['an unknown receiver', { ...good, contactPoints: [] }],
    ['an unknown mute timing', { ...good, muteTimes: [] }],
    ['two policy trees', { ...good, policies: [...good.policies, ...good.policies] }],
    ['a template that is not there', { ...good, templates: [] }],
  ])('finds %s', (_what, files) => {
    expect(findGrafanaProblems(files as GrafanaFiles)).not.toEqual([]);
  });
});
