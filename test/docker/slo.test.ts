/** The SLO rules in promtool: they fire after their time, not before, are silent when they must be, and recover. */
import { execFileSync } from 'node:child_process';
import { beforeAll, describe, expect, test } from 'vitest';
import { SLO_ALERT_NAMES } from '../../src/catalog/slo/slo-alerts.ts';
import type { AlertingRule } from '../../src/render/alert-rules.ts';
import { buildSloRuleTests } from '../../src/render/rule-tests/slo-tests.ts';
import { createTemplateEngine } from '../../src/render/template-engine.ts';
import { createTestDir } from '../support/fake-host.ts';
import { ensureTestImages } from '../support/images.ts';
import { createStack, readTemplatesForTest } from '../support/stack-fixture.ts';
import { runInImage, writeRendering } from '../support/tools.ts';

const context = { header: 'a test', fill: createTemplateEngine(readTemplatesForTest()) };

async function runAll(mutate?: (rule: AlertingRule) => AlertingRule) {
  const dir = await createTestDir();
  const tests = buildSloRuleTests(createStack(), context, mutate);
  await writeRendering(dir, tests.files);
  execFileSync('chmod', ['-R', 'a+rX', dir]);
  // One file is enough to see a broken rule.
  const files = mutate === undefined ? tests.testFiles : tests.testFiles.slice(0, 1);
  const args = ['test', 'rules', ...files.map((file) => `/tests/${file}`)];
  return runInImage('prometheus', 'promtool', args, { [dir]: '/tests' });
}

beforeAll(ensureTestImages);

// promtool computes days of rules: half a minute alone, much more beside other work.
describe('SLO rules', { timeout: 600_000 }, () => {
  test('pass their promtool tests', async () => {
    const { code, output } = await runAll();
    expect({ code, output }).toMatchObject({
      code: 0,
      output: expect.stringContaining('SUCCESS') as string,
    });
  });

  test('are all seen firing by a case', () => {
    expect(buildSloRuleTests(createStack(), context).proved.toSorted()).toEqual(SLO_ALERT_NAMES.toSorted());
  });

  test.each([
    ['that never fires', (rule: AlertingRule) => ({ ...rule, expr: `(${rule.expr}) > 1e9` })],
    [
      'without its short windows',
      (rule: AlertingRule) => ({
        ...rule,
        expr: rule.expr.replaceAll(/and on \(instance\) \S+ \/ on \(instance\) \(1 - \S+\) > [\d.]+/g, ''),
      }),
    ],
    ['that waits longer', (rule: AlertingRule) => ({ ...rule, for: '3h' })],
  ])('fail with a rule %s', async (_what, mutate) => {
    expect((await runAll(mutate)).code).not.toBe(0);
  });
});
