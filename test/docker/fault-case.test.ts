// A generated case must fail when an alert is not as its proof says; shown on an alert that is made up for this.
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { type AlertDefinition, defineAlert } from '../../src/catalog/alerts/alert.ts';
import type { Proof, SilentProof, SimulatedSeries } from '../../src/catalog/proofs/proof.ts';
import { DECLARED_SERVERS, SERVER_RECORDINGS } from '../../src/catalog/recordings/servers.ts';
import { type AlertingRule, buildAlertingRules } from '../../src/render/alert-rules.ts';
import { buildFaultCase, buildSilentCase } from '../../src/render/rule-tests/fault-case.ts';
import type { PromtoolCase } from '../../src/render/rule-tests/promtool-file.ts';
import { proofStack } from '../../src/render/rule-tests/proof-stack.ts';
import type { AlertOverride } from '../../src/stack/stack.ts';
import { daemonMissing } from '../support/daemon.ts';
import { runRuleTest, writeRuleTests } from '../support/rule-tests.ts';
import { createStack } from '../support/stack-fixture.ts';

const server = { job: 'postgresql', instance: 'orders', environment: 'prod' };
const WORLD: readonly SimulatedSeries[] = [
  { metric: 'up', labels: server, kind: 'gauge', value: 1 },
  { metric: 'burns', labels: { job: 'postgresql', instance: 'orders', room: 'a' }, kind: 'gauge', value: 20 },
  {
    metric: 'sparks',
    labels: { job: 'postgresql', instance: 'orders', room: 'a' },
    kind: 'counter',
    value: 6,
  },
];

const ALERT = defineAlert({
  name: 'Burning',
  scope: 'server',
  expr: 'max by (instance, room) (burns) > <limit>',
  threshold: { value: 100, unit: 'count' },
  for: '2m',
  keepFiringFor: '1m',
  severity: 'critical',
  summary: '{{ $labels.instance }} burns',
  description: 'Room {{ $labels.room }} has {{ $value | humanize }} degrees, more than <limit>.',
});

const PROOF: Proof = {
  fault: [{ metric: 'burns', labels: { room: 'a' }, value: 300 }],
  labels: { room: 'a' },
  summary: 'orders burns',
  description: 'Room a has 300 degrees, more than 100.',
};

/** What every alert about a server takes its labels from. */
const DECLARED = SERVER_RECORDINGS.rules
  .filter(({ record }) => record === DECLARED_SERVERS)
  .map(({ record, expr }) => ({ record, expr }));

const ruleOf = (alert: AlertDefinition, override: Partial<AlertOverride> = {}): AlertingRule => {
  const base = createStack();
  const overrides = {
    [alert.name]: { value: null, for: null, keepFiringFor: null, severity: null, ...override },
  };
  const stack = proofStack(createStack({ alerts: { ...base.alerts, overrides } }), WORLD);
  const [rule] = buildAlertingRules(stack, alert);
  if (rule === undefined) throw new Error('no rule');
  return rule;
};

function rulesFile(rule: AlertingRule): string {
  const written = {
    alert: rule.alert,
    expr: rule.expr,
    for: rule.for ?? '0s',
    keep_firing_for: rule.keepFiringFor ?? '0s',
    labels: { severity: rule.severity },
    annotations: Object.fromEntries(rule.annotations.map(({ name, value }) => [name, value])),
  };
  return stringify({ groups: [{ name: 'rules', rules: [...DECLARED, written] }] });
}

async function runCase(rule: AlertingRule, one: PromtoolCase) {
  const tests = { rule_files: ['rules.yml'], evaluation_interval: '15s', tests: [one] };
  const dir = await writeRuleTests([
    { path: 'rules.yml', content: rulesFile(rule) },
    { path: 'test.yml', content: stringify(tests) },
  ]);
  return runRuleTest(dir, 'test.yml');
}

const input = (alert: AlertDefinition, proof: Proof, rule = ruleOf(alert)) => ({
  alert,
  rule,
  proof,
  recordings: DECLARED.map(({ expr }) => expr),
  world: WORLD,
  what: null,
});

/** The case of an alert, run against the rule of that alert or of another. */
async function prove(alert: AlertDefinition, proof: Proof, written = alert) {
  return runCase(ruleOf(written), buildFaultCase(input(alert, proof)));
}

const PASSED = expect.stringContaining('SUCCESS') as string;

const RATE_ALERT = { ...ALERT, expr: 'sum by (instance, room) (rate(sparks[1m])) * 60 > <limit>' };
const RATE_PROOF: Proof = {
  ...PROOF,
  fault: [{ metric: 'sparks', value: 300 }],
  delay: '15s',
  recovery: '45s',
};

describe.skipIf(daemonMissing !== null)(`a generated case${daemonMissing ?? ''}`, () => {
  it('passes for an alert that is as its proof says', async () => {
    expect(await prove(ALERT, PROOF)).toEqual({ code: 0, output: PASSED });
  });

  it('passes for a rate that takes its time', async () => {
    expect(await prove(RATE_ALERT, RATE_PROOF)).toEqual({ code: 0, output: PASSED });
  });

  it.each<readonly [string, AlertDefinition]>([
    ['never fires', { ...ALERT, expr: 'vector(0) > 1' }],
    ['always fires', { ...ALERT, expr: 'max by (instance, room) (burns) > 0' }],
    ['fires at once', { ...ALERT, for: null }],
    ['fires too late', { ...ALERT, for: '3m' }],
    ['stays when all is well again', { ...ALERT, keepFiringFor: '10m' }],
    ['has another severity', { ...ALERT, severity: 'warning' }],
    ['says something else', { ...ALERT, summary: 'Fire' }],
    ['has another label', { ...ALERT, expr: 'burns > <limit>' }],
  ])('fails for a rule that %s', async (_what, written) => {
    const { code, output } = await prove(ALERT, PROOF, written);
    expect({ code, output }).toMatchObject({ code: 1, output: expect.stringContaining('FAILED') as string });
  });

  it.each<readonly [string, Proof]>([
    ['earlier than the proof says', { ...RATE_PROOF, delay: '2m' }],
    ['later than the proof says', { ...RATE_PROOF, fault: [{ metric: 'sparks', value: 101 }] }],
  ])('fails for an alert that fires %s', async (_what, proof) => {
    expect(await prove(RATE_ALERT, proof)).toMatchObject({ code: 1 });
  });

  it('follows the duration and the severity that a spec chose', async () => {
    const rule = ruleOf(ALERT, { for: '10m', severity: 'info' });
    const one = buildFaultCase(input(ALERT, PROOF, rule));
    expect(one.name).toBe('Burning: fault at 15m, fires at 25m, repair at 25m30s, gone by 26m45s');
    expect(await runCase(rule, one)).toEqual({ code: 0, output: PASSED });
    expect(await runCase(ruleOf(ALERT), one)).toMatchObject({ code: 1 });
  });

  it('of a look-alike passes when the alert stays silent and fails when it fires', async () => {
    const silent = (value: number): SilentProof => ({ what: 'warm', fault: [{ metric: 'burns', value }] });
    const caseOf = (value: number) => buildSilentCase({ ...input(ALERT, PROOF), silent: silent(value) });
    expect(await runCase(ruleOf(ALERT), caseOf(99))).toEqual({ code: 0, output: PASSED });
    expect(await runCase(ruleOf(ALERT), caseOf(101))).toMatchObject({ code: 1 });
  });

  it('cannot be made when the fault changes nothing that is there', async () => {
    const proof: Proof = { ...PROOF, fault: [{ metric: 'burns', labels: { room: 'b' }, value: 300 }] };
    await expect(prove(ALERT, proof)).rejects.toThrow(
      'proof of Burning: no series of the world matches burns{room="b"}',
    );
  });

  it('cannot be made when the fault is about something that the alert does not read', async () => {
    const proof: Proof = { ...PROOF, fault: [{ metric: 'sparks', value: 300 }] };
    await expect(prove(ALERT, proof)).rejects.toThrow('proof of Burning: the alert reads none of the series');
  });
});
