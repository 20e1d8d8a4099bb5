/** kill -9 of pgmon after each step of a plan: the next run converges, leaves no orphan and loses no data. */
import { beforeAll, describe, expect, test } from 'vitest';
import { daemonMissing } from '../support/daemon.ts';
import { buildCli, runAndKill } from '../support/kill-cli.ts';
import { createTestStack, fullSpec, smallSpec, type TestStack } from '../support/test-stack.ts';

const NEVER = new AbortController().signal;
/** Far more than any plan here has steps. */
const MAX_STEPS = 60;

async function psql(stack: TestStack, sql: string): Promise<string> {
  const { id } = await stack.container('postgres');
  const command = ['psql', '-qAt', '-v', 'ON_ERROR_STOP=1', '-U', 'postgres', '-d', 'app', '-c', sql];
  const { exitCode, stdout, stderr } = await stack.provider.exec(id, command, {}, NEVER);
  if (exitCode !== 0) throw new Error(stderr);
  return stdout.trim();
}

async function expectConverged(stack: TestStack, services: readonly string[]): Promise<void> {
  const healed = await stack.pgmon(['up']);
  expect(healed.code, healed.stderr).toBe(0);
  const { containers, networks } = await stack.world();
  expect(containers.map(({ name, status }) => `${name} ${status}`)).toEqual(
    services.map((service) => `${stack.name}-${service}-1 running`),
  );
  expect(networks).toHaveLength(1);
  const diff = await stack.pgmon(['diff']);
  expect(diff.code, diff.stdout).toBe(0);
}

/** The services of the small stack. */
const SMALL = ['postgres-exporter', 'postgres-exporter-slow', 'prometheus'];

/** Kills one run after 1, 2, 3, … lines until one gets through; `between` runs before each. How many were killed. */
async function killAtEachStep(
  stack: TestStack,
  services: readonly string[],
  between: (round: number) => Promise<void>,
): Promise<number> {
  for (let lines = 1; lines < MAX_STEPS; lines += 1) {
    await between(lines);
    const { wasKilled, code, stderr } = await runAndKill(['up', '-f', stack.specFile], lines);
    if (!wasKilled) {
      expect(code, stderr).toBe(0);
      return lines - 1;
    }
    await expectConverged(stack, services);
  }
  throw new Error('the plan does not come to an end');
}

describe.skipIf(daemonMissing !== null)(`kill -9${daemonMissing ?? ''}`, { timeout: 600_000 }, () => {
  beforeAll(buildCli);

  test('of a first up, at each step', async () => {
    const stack = await createTestStack('kill');
    await stack.writeSpec(smallSpec(stack));
    const killed = await killAtEachStep(stack, SMALL, async () => {
      expect((await stack.pgmon(['down', '--volumes', '--yes'])).code).toBe(0);
    });
    expect(killed).toBeGreaterThan(7);
  });

  test('of a change that replaces two services, at each step', async () => {
    const stack = await createTestStack('killchange');
    const services = [
      'alertmanager',
      'node-exporter',
      'postgres',
      'postgres-exporter',
      'postgres-exporter-slow',
      'prometheus',
      'sql-exporter',
    ];
    await stack.writeSpec(fullSpec(stack));
    expect((await stack.pgmon(['up'])).code).toBe(0);
    await psql(stack, 'CREATE TABLE kept (round int)');
    const killed = await killAtEachStep(stack, services, async (round) => {
      await psql(stack, `INSERT INTO kept VALUES (${round})`);
      const memory = `memory: ${300 + round}MiB`;
      await stack.writeSpec(
        fullSpec(stack)
          .replace('bundled: {', `bundled: {${memory}, `)
          .replace('alertmanager: {', `alertmanager: {${memory}, `),
      );
    });
    expect(killed).toBeGreaterThan(9);
    expect(await psql(stack, 'SELECT count(*) FROM kept')).toBe(String(killed + 1));
  });

  test('of down, at each step', async () => {
    const stack = await createTestStack('killdown');
    await stack.writeSpec(smallSpec(stack));
    for (const lines of [1, 2]) {
      expect((await stack.pgmon(['up'])).code).toBe(0);
      expect((await runAndKill(['down', '-f', stack.specFile], lines)).wasKilled).toBe(true);
      expect((await stack.pgmon(['down'])).code).toBe(0);
      const { containers, networks } = await stack.world();
      expect([containers, networks]).toEqual([[], []]);
    }
  });
});
