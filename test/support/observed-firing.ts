/** When an alert really fires in its simulated fault, and with which texts: what an author needs to put a proof right. */
import { parse, stringify } from 'yaml';
import type { Proof } from '../../src/catalog/proofs/proof.ts';
import { type PromtoolFile, promDuration } from '../../src/render/rule-tests/promtool-file.ts';
import { durationSeconds } from '../../src/spec/units.ts';
import { buildAllRuleTests, runRuleTest, writeRuleTests } from './rule-tests.ts';

const LATER_STEPS = 240;

const seconds = (text: string | undefined): number => durationSeconds(text ?? '0s') ?? 0;

/** The same fault, lasting much longer, so that also a late alert is seen. */
function lasting(proof: Proof): Proof {
  const delay = promDuration(seconds(proof.delay) + LATER_STEPS * seconds(proof.step ?? '15s'));
  return { ...proof, delay, recovery: delay };
}

interface Moments {
  readonly fault: number;
  readonly fires: number;
  readonly repair: number;
  readonly gone: number;
}

/** The moments that a case's name tells. */
function momentsOf(name: string): Moments {
  const [fault = 0, fires = 0, repair = 0, gone = 0] = [...name.matchAll(/(?: at| by) (\w+)/g)].map(
    ([, text]) => seconds(text),
  );
  return { fault, fires, repair, gone };
}

function findCase(alert: string, options: { readonly adjust?: (proof: Proof) => Proof }) {
  const { files, testFiles } = buildAllRuleTests(options);
  for (const { path, content } of files.filter((one) => testFiles.includes(one.path))) {
    const file = parse(content) as PromtoolFile;
    const found = file.tests.find(({ name }) => name.startsWith(`${alert}: `));
    if (found !== undefined) return { files, path, file, found };
  }
  return null;
}

/** A few lines: seconds after the fault, the difference to what the proof says, and the alert as it fired. */
export async function observeFiring(alert: string): Promise<string> {
  const said = findCase(alert, {});
  const probe = findCase(alert, { adjust: lasting });
  if (said === null || probe === null) return `${alert} has no case`;
  const step = seconds(probe.found.interval);
  const { repair, gone } = momentsOf(probe.found.name);
  const { fault, fires } = momentsOf(said.found.name);
  const checks = Array.from({ length: Math.floor((gone - fault) / step) + 1 }, (_, i) => ({
    eval_time: promDuration(fault + i * step),
    alertname: alert,
    exp_alerts: [],
  }));
  const test = { ...probe.found, alert_rule_test: checks, promql_expr_test: [] };
  const content = stringify({ ...probe.file, tests: [test] }, { version: '1.1', lineWidth: 0 });
  const dir = await writeRuleTests([...probe.files, { path: 'probe.yml', content }]);
  const { output } = await runRuleTest(dir, 'probe.yml');
  const times = [...output.matchAll(/time: (\w+),/g)].map(([, text]) => seconds(text));
  const [first] = times;
  const last = times.at(-1);
  if (first === undefined || last === undefined)
    return `${alert} does not fire in an hour of its fault\n${output.slice(0, 2000)}`;
  const early = output.split('\n').find((line) => line.includes('got:'));
  return [
    `${alert} fires ${promDuration(first - fault)} after the fault; the proof says ${promDuration(fires - fault)}`,
    last >= gone
      ? 'it does not recover'
      : `it is gone ${promDuration(Math.max(0, last + step - repair))} after the repair`,
    output.slice(output.indexOf('got:'), output.indexOf('got:') + 1500) || early || '',
  ].join('\n');
}
