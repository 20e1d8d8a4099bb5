// The proofs of the catalogue notice when a rule is broken: each alert and each recording rule is broken once.
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { FAMILIES, type Family } from '../../src/catalog/alerts/alert.ts';
import { ALERTS } from '../../src/catalog/alerts/all-alerts.ts';
import type { AlertingRule } from '../../src/render/alert-rules.ts';
import type { RenderedFile } from '../../src/stack/rendered-stack.ts';
import { daemonMissing } from '../support/daemon.ts';
import { buildAllRuleTests, QUIET_FILES, runRuleTest, writeRuleTests } from '../support/rule-tests.ts';

/** Names of the alerts that promtool complains about when this family's rules are changed. */
async function complaints(
  family: Family,
  mutate: (rule: AlertingRule) => AlertingRule,
): Promise<readonly string[]> {
  const tests = buildAllRuleTests({ families: [family], mutate });
  const dir = await writeRuleTests(tests.files);
  const names = new Set<string>();
  for (const file of tests.testFiles.filter((one) => !QUIET_FILES.includes(one))) {
    const { output } = await runRuleTest(dir, file);
    for (const [, name = ''] of output.matchAll(/alertname: (\w+),/g)) names.add(name);
  }
  return [...names].sort();
}

const namesOf = (family: Family, has: (alert: { readonly for: string | null }) => boolean) =>
  ALERTS[family]
    .filter(has)
    .map(({ name }) => name)
    .toSorted();

interface RuleFile {
  readonly groups: readonly {
    readonly rules: readonly { readonly record?: string; readonly expr: string }[];
  }[];
}

/** Recording rules that read a metric which nobody has, so that they record nothing. */
function withoutRecords(file: RenderedFile): RenderedFile {
  if (!file.path.startsWith('rules/')) return file;
  const { groups } = parse(file.content) as RuleFile;
  const broken = groups.map((group) => ({
    ...group,
    rules: group.rules.map((rule) =>
      rule.record === undefined ? rule : { ...rule, expr: 'no_such_metric' },
    ),
  }));
  return { path: file.path, content: stringify({ groups: broken }, { version: '1.1', lineWidth: 0 }) };
}

describe.skipIf(daemonMissing !== null)(`the proofs fail${daemonMissing ?? ''}`, () => {
  it.each(FAMILIES)('for every alert of the family %s that cannot fire', async (family) => {
    const failed = await complaints(family, (rule) => ({ ...rule, expr: 'vector(0) > 1' }));
    expect(failed).toEqual(namesOf(family, () => true));
  });

  it.each(FAMILIES)('for every alert of the family %s that does not wait', async (family) => {
    const failed = await complaints(family, (rule) => ({ ...rule, for: null }));
    expect(failed).toEqual(namesOf(family, (alert) => alert.for !== null));
  });

  it.each(QUIET_FILES)('in %s for every alert that always fires', async (file) => {
    const tests = buildAllRuleTests({
      families: [],
      mutate: (rule) => ({ ...rule, expr: 'vector(1)', for: null }),
    });
    const { output } = await runRuleTest(await writeRuleTests(tests.files), file);
    const names = FAMILIES.flatMap((family) => ALERTS[family].map(({ name }) => name));
    expect(names.filter((name) => !output.includes(`alertname="${name}"`))).toEqual([]);
  });

  it('for every recording rule that records nothing', async () => {
    const tests = buildAllRuleTests({ families: [] });
    const dir = await writeRuleTests(tests.files.map(withoutRecords));
    const { output } = await runRuleTest(dir, 'quiet-healthy.yml');
    expect(tests.records.length).toBeGreaterThan(0);
    expect(tests.records.filter((record) => !output.includes(`count(${record}) > bool 0`))).toEqual([]);
  });
});
