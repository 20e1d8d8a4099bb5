/** `pgmon rules test`: runs the proofs of the alerts with promtool, and says which choices of the spec they do not cover. */
import path from 'node:path';
import { GENERATED_MARK, headerText } from '../conventions.ts';
import { EnvironmentError, EXIT_CODES } from '../errors.ts';
import type { CommandResult } from '../output/reporter.ts';
import { containerOf } from '../providers/provider.ts';
import { alertStates } from '../render/alert-states.ts';
import { buildRuleTests } from '../render/rule-tests/rule-tests.ts';
import { buildSloRuleTests } from '../render/rule-tests/slo-tests.ts';
import { commentText } from '../render/scalars.ts';
import { createTemplateEngine } from '../render/template-engine.ts';
import type { Stack } from '../stack/stack.ts';
import type { CommandContext, StackOptions } from './context.ts';
import { loadStack } from './load-stack.ts';
import { nextCommand } from './next-command.ts';
import {
  containerPromtool,
  localPromtool,
  type Promtool,
  type PromtoolOutcome,
  writeTestFiles,
} from './promtool.ts';
import {
  failedAlerts,
  formatOutcome,
  notTested,
  ownServers,
  ownThresholds,
  type Suite,
} from './rules-test-text.ts';

export interface RulesTestOptions extends StackOptions {
  /** Path of a promtool. */
  readonly promtool?: string;
  /** Directory to write the files to; nothing is run then. */
  readonly write?: string;
}

const TEMPLATE = 'rules.yml.hbs';

async function buildSuite({ host, version }: CommandContext, stack: Stack): Promise<Suite> {
  const template = await host.fs.readText(path.join(host.packageDir, 'templates', TEMPLATE));
  const fill = createTemplateEngine(new Map([[TEMPLATE, template]]));
  const context = { header: headerText(version, commentText(stack.specName)), fill };
  const catalogue = buildRuleTests(stack, context);
  const slo = buildSloRuleTests(stack, context);
  return {
    files: [...catalogue.files, ...slo.files],
    testFiles: [...catalogue.testFiles, ...slo.testFiles],
    alerts: [...catalogue.proved, ...slo.proved],
    records: catalogue.records,
  };
}

async function writeSuite(context: CommandContext, suite: Suite, written: string): Promise<CommandResult> {
  const { host } = context;
  const dir = path.resolve(host.cwd, written);
  for (const file of suite.files) {
    const old = await host.fs.readTextIfExists(path.join(dir, file.path));
    if (old !== null && !old.includes(GENERATED_MARK)) {
      throw new EnvironmentError(
        `refusing to overwrite what pgmon did not write: ${path.join(dir, file.path)}`,
        {
          code: 'foreign-file',
          hint: 'name an empty directory with --write',
        },
      );
    }
  }
  await writeTestFiles(host, dir, suite.files);
  return {
    exitCode: EXIT_CODES.done,
    text: `${suite.files.length} files in ${dir}; run them with: promtool test rules ${path.join(dir, '*.yml')}\n`,
    json: { dir, files: suite.files.map((file) => file.path), tests: suite.testFiles },
  };
}

/** Programs to try on this machine, in this order: releases and packages of Prometheus have promtool beside it. */
function localCandidates({ promtool }: RulesTestOptions, { native }: Stack): readonly string[] {
  if (promtool !== undefined) return [promtool];
  const program = native?.programs.prometheus;
  return [...(program === undefined ? [] : [path.join(path.dirname(program.path), 'promtool')]), 'promtool'];
}

function noPromtool(options: RulesTestOptions, stack: Stack): EnvironmentError {
  const missing = { code: 'promtool-missing' };
  if (options.promtool !== undefined) {
    const hint = 'name the promtool program of Prometheus 3 with --promtool';
    return new EnvironmentError(`cannot run ${options.promtool}`, { ...missing, hint });
  }
  const others = 'name a promtool with --promtool, or write the files with --write';
  if (stack.native !== null) {
    const message = 'there is no promtool beside Prometheus or on PATH';
    const hint = `install Prometheus with \`${nextCommand('up', options)}\`, ${others}`;
    return new EnvironmentError(message, { ...missing, hint });
  }
  const hint = `start the stack with \`${nextCommand('up', options)}\`, ${others}`;
  const message = `there is no promtool on PATH, and stack ${stack.name} is not up`;
  return new EnvironmentError(message, { ...missing, hint });
}

/** Named by the user, on this machine, or in the stack's own container: the first that is there. */
async function findPromtool(
  context: CommandContext,
  options: RulesTestOptions,
  { suite, stack, outDir }: { readonly suite: Suite; readonly stack: Stack; readonly outDir: string },
): Promise<Promtool> {
  const { host, signal } = context;
  const request = { files: suite.files, signal };
  for (const program of localCandidates(options, stack)) {
    const local = await localPromtool(host, program, request);
    if (local !== null) return local;
  }
  if (options.promtool !== undefined || stack.native !== null) throw noPromtool(options, stack);
  const provider = await context.provider(stack.runtime);
  const nothing = { services: [], networks: [], volumes: [] };
  const world = await provider.observe({ stackName: stack.name, outDir, ...nothing }, signal);
  const container = containerOf(world, 'prometheus');
  if (container?.status === 'running') return containerPromtool(provider, container, request);
  throw noPromtool(options, stack);
}

async function runSuite({ reporter }: CommandContext, promtool: Promtool, suite: Suite) {
  const outcomes: PromtoolOutcome[] = [];
  const resource = `rule tests with ${promtool.place}`;
  const report = (status: 'started' | 'progress' | 'done', detail: string) =>
    reporter.event({ resource, action: 'test', status, detail });
  report('started', `${suite.testFiles.length} files`);
  for (const file of suite.testFiles) {
    outcomes.push(await promtool.test(file));
    report('progress', `${outcomes.length} of ${suite.testFiles.length} files`);
  }
  report('done', `${suite.testFiles.length} files`);
  return outcomes;
}

/** Exit code 6 when a test fails. */
export async function rulesTest(context: CommandContext, options: RulesTestOptions): Promise<CommandResult> {
  const { stack, outDir } = await loadStack(context, options);
  const suite = await buildSuite(context, stack);
  if (options.write !== undefined) return writeSuite(context, suite, options.write);
  const promtool = await findPromtool(context, options, { suite, stack, outDir });
  const outcomes = await runSuite(context, promtool, suite).finally(() => promtool.close());
  const states = alertStates(stack);
  const isOk = outcomes.every((one) => one.isOk);
  return {
    exitCode: isOk ? EXIT_CODES.done : EXIT_CODES.verify,
    text: formatOutcome(suite, promtool.place, { outcomes, states }),
    json: {
      stack: stack.name,
      promtool: promtool.place,
      alerts: suite.alerts,
      failedAlerts: failedAlerts(outcomes, suite.alerts),
      recordingRules: suite.records,
      files: outcomes.map(({ file, isOk: passed, output }) => ({ file, isOk: passed, output })),
      ownThresholds: ownThresholds(states),
      ownServers: ownServers(states),
      notTested: notTested(suite, states),
    },
  };
}
