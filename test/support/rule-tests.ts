/** Builds the generated rule tests for a catalogue with every part on, and runs them with the real promtool. */
import { execFileSync } from 'node:child_process';
import {
  buildRuleTests,
  type RuleTestOptions,
  type RuleTests,
} from '../../src/render/rule-tests/rule-tests.ts';
import { createTemplateEngine } from '../../src/render/template-engine.ts';
import type { RenderedFile } from '../../src/stack/rendered-stack.ts';
import { createTestDir } from './fake-host.ts';
import { createFullStack } from './full-stack-fixture.ts';
import { readTemplatesForTest } from './stack-fixture.ts';
import { runInImage, type ToolOutcome, writeRendering } from './tools.ts';

/** Test files of worlds in which nothing may fire. */
export const QUIET_FILES = ['quiet-healthy.yml', 'quiet-idle.yml', 'quiet-start.yml'];

/** Every part on, thresholds of the catalogue: all alerts there are. */
export function buildAllRuleTests(options: RuleTestOptions = {}): RuleTests {
  const stack = createFullStack({
    alerts: { overrides: {}, disabled: [], engine: 'alertmanager', runbookUrl: null },
  });
  const fill = createTemplateEngine(readTemplatesForTest());
  return buildRuleTests(stack, { header: 'Generated for a test', fill }, options);
}

/** Writes the files to a new directory, readable for promtool's user, and returns it. */
export async function writeRuleTests(files: readonly RenderedFile[]): Promise<string> {
  const dir = await createTestDir();
  await writeRendering(dir, files);
  execFileSync('chmod', ['-R', 'a+rX', dir]);
  return dir;
}

/** One test file through promtool, without the empty lines that it prints. */
export async function runRuleTest(dir: string, file: string): Promise<ToolOutcome> {
  const args = ['test', 'rules', `/rule-tests/${file}`];
  const { code, output } = await runInImage('prometheus', 'promtool', args, { [dir]: '/rule-tests' });
  return { code, output: output.replace(/\n\s*\n+/g, '\n').trim() };
}
