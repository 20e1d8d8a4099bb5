// Every alert of the catalogue is proved by promtool: it fires, in time, and is silent when it must be. One family:
// `npx vitest run --project docker test/docker/rule-proofs.test.ts -t wal`. What fails is told with what the alert does instead.
import { describe, expect, it } from 'vitest';
import { FAMILIES } from '../../src/catalog/alerts/alert.ts';
import { ALERTS } from '../../src/catalog/alerts/all-alerts.ts';
import { PROOFS } from '../../src/catalog/proofs/all-proofs.ts';
import { FURTHER_PROOFS, SILENT_PROOFS } from '../../src/catalog/proofs/further-proofs.ts';
import type { RuleTests } from '../../src/render/rule-tests/rule-tests.ts';
import { daemonMissing } from '../support/daemon.ts';
import { observeFiring } from '../support/observed-firing.ts';
import { buildAllRuleTests, QUIET_FILES, runRuleTest, writeRuleTests } from '../support/rule-tests.ts';

/** What promtool says, and for each alert that failed what it does instead. */
async function explain(output: string): Promise<string> {
  const failed = [...new Set([...output.matchAll(/alertname: (\w+),/g)].map(([, name = '']) => name))];
  const observed: string[] = [];
  for (const alert of failed) observed.push(await observeFiring(alert));
  return [output, ...observed].join('\n\n');
}

async function run(tests: RuleTests, files: readonly string[]): Promise<void> {
  const dir = await writeRuleTests(tests.files);
  for (const file of files) {
    const { code, output } = await runRuleTest(dir, file);
    if (code !== 0) throw new Error(await explain(output));
    expect(output).toContain('SUCCESS');
  }
}

describe.skipIf(daemonMissing !== null)(`the catalogue's proofs${daemonMissing ?? ''}`, () => {
  it.each(FAMILIES)('of the family %s hold', async (family) => {
    const tests = buildAllRuleTests({ families: [family] });
    await run(
      tests,
      tests.testFiles.filter((file) => !QUIET_FILES.includes(file)),
    );
  });

  it.each(QUIET_FILES)('leave every alert silent in %s', async (file) => {
    await run(buildAllRuleTests({ families: [] }), [file]);
  });
});

describe('the proofs', () => {
  it('cover every alert', () => {
    const tests = buildAllRuleTests();
    expect(tests.unproved).toEqual([]);
    expect(tests.proved.length).toBe(Object.values(ALERTS).flat().length);
  });

  it('are about alerts that exist, in their own family', () => {
    const lost = FAMILIES.flatMap((family) => {
      const names: readonly string[] = ALERTS[family].map(({ name }) => name);
      return Object.keys(PROOFS[family]).filter((name) => !names.includes(name));
    });
    expect(lost).toEqual([]);
    const names = Object.values(ALERTS).flatMap((alerts) => alerts.map(({ name }) => name));
    const further = [...Object.keys(FURTHER_PROOFS), ...Object.keys(SILENT_PROOFS)];
    expect(further.filter((name) => !names.includes(name))).toEqual([]);
  });
});
