/** What hop `alerts` says of a stack in which a part that alerts need was switched off. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CheckResult } from '../../src/verify/check-result.ts';
import { specOf, surroundings } from '../support/check-spec.ts';
import { ensureTestImages } from '../support/images.ts';
import { runCli } from '../support/run-cli.ts';
import { type RunningStack, startStack } from '../support/running-stack.ts';

beforeAll(ensureTestImages);

describe('a stack with a collector switched off in its spec', () => {
  let stack: RunningStack;
  beforeAll(async () => {
    stack = await startStack('alerts', (name, dir) =>
      specOf(name, dir, { postgresExporter: ', collectors: {disable: [database_wraparound]}' }),
    );
  });
  afterAll(() => stack?.remove());

  const cli = (words: readonly string[]) => runCli([...words, '-o', 'out'], surroundings(stack));

  test('calls the alert that needs it dead, names the collector and exits with 6', async () => {
    const outcome = await cli(['check', '--json', '--junit', 'check.xml']);
    const results: readonly CheckResult[] = JSON.parse(outcome.stdout).results;
    const failed = results.filter(({ status }) => status === 'fail');
    expect(outcome.code).toBe(6);
    expect(failed.length).toBeGreaterThan(0);
    for (const { hop, detail, hint } of failed) {
      expect(hop).toBe('alerts');
      expect(detail).toMatch(
        /^dead: metric pg_database_wraparound_age_\w+ missing, turn on collector database_wraparound$/,
      );
      expect(hint).toContain('postgresExporter.collectors.disable');
    }
    expect(failed.map(({ subject }) => subject)).toContain('vacuum/PostgreSQLTransactionIdWraparound');
  });

  test('shows it in the text by its name, and the others by family', async () => {
    const { stdout } = await cli(['check']);
    expect(stdout).toMatch(/^alerts +vacuum\/\w+ +fail +dead: metric /m);
    expect(stdout).toMatch(/^alerts +vacuum +pass +\d+ live/m);
  });
});
