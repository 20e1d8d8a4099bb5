// The routing table of each stack, asked of amtool: every severity in every environment, and the Watchdog.
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { shellWord } from '../../src/render/scalars.ts';
import type { Stack } from '../../src/stack/stack.ts';
import { daemonMissing } from '../support/daemon.ts';
import { createTestDir } from '../support/fake-host.ts';
import { createFullStack } from '../support/full-stack-fixture.ts';
import { allFiles, renderForTest } from '../support/rendering.ts';
import { readStack, STACK_FILES } from '../support/stacks.ts';
import { runInImage, writeRendering } from '../support/tools.ts';

const NOBODY = 'pgmon-no-receiver';
const SEVERITIES = ['critical', 'warning', 'info'] as const;

interface Table {
  readonly stackOf: () => Stack;
  /** `severity environment`, and more labels after it -> receivers. */
  readonly routes: Readonly<Record<string, string>>;
  readonly watchdog: string;
}

/** Every severity in one environment goes to nobody. */
const shownOnly = (environment: string) =>
  Object.fromEntries(SEVERITIES.map((severity) => [`${severity} ${environment}`, NOBODY]));

const TABLES: Readonly<Record<string, Table>> = {
  'demo.yaml': { stackOf: () => readStack('demo.yaml'), watchdog: NOBODY, routes: shownOnly('demo') },
  'single.yaml': { stackOf: () => readStack('single.yaml'), watchdog: NOBODY, routes: shownOnly('prod') },
  'fleet.yaml': {
    stackOf: () => readStack('fleet.yaml'),
    watchdog: NOBODY,
    routes: { ...shownOnly('prod'), ...shownOnly('staging'), ...shownOnly('dev') },
  },
  'production.yaml': {
    stackOf: () => readStack('production.yaml'),
    watchdog: 'heartbeat',
    routes: {
      'critical prod': 'on-call',
      'warning prod': 'chat',
      'info prod': 'mail',
      'critical prod team=billing': 'on-call',
      'warning prod team=billing': 'mail,chat',
      'info prod team=billing': 'mail',
      // The stack's own alerts carry no environment.
      critical: 'chat',
      warning: 'chat',
      info: 'mail',
    },
  },
  'native.yaml': {
    stackOf: () => readStack('native.yaml'),
    watchdog: NOBODY,
    routes: Object.fromEntries(
      SEVERITIES.flatMap((severity) => [severity, `${severity} prod`]).map((key) => [key, 'chat']),
    ),
  },
  'native-packages.yaml': {
    stackOf: () => readStack('native-packages.yaml'),
    watchdog: NOBODY,
    routes: Object.fromEntries(SEVERITIES.map((severity) => [severity, NOBODY])),
  },
  'every feature at once': {
    stackOf: () => createFullStack(),
    watchdog: 'heartbeat',
    routes: {
      'critical prod': 'pager,mail',
      'warning prod': 'mail',
      'info prod': 'mail',
      'critical demo': 'mail',
      'warning demo': 'mail',
      'info demo': 'mail',
      critical: 'mail',
    },
  },
};

/** Label sets -> receivers as amtool prints them, all from one container. */
async function receiversOf(
  stack: Stack,
  labelSets: readonly (readonly string[])[],
): Promise<readonly string[]> {
  const dir = await createTestDir();
  await writeRendering(dir, allFiles(renderForTest(stack)));
  execFileSync('chmod', ['-R', 'a+rX', dir]);
  const commands = labelSets.map((labels) =>
    ['amtool', 'config', 'routes', 'test', '--config.file=/etc/alertmanager/alertmanager.yml', ...labels]
      .map(shellWord)
      .join(' '),
  );
  const mounts = { [path.join(dir, 'alertmanager')]: '/etc/alertmanager' };
  const { output } = await runInImage('alertmanager', 'sh', ['-c', commands.join(' && ')], mounts);
  return output
    .trim()
    .split('\n')
    .filter((line) => !line.startsWith('Warning: --config.file'));
}

function labelsOf(key: string): readonly string[] {
  const [severity = '', environment, ...others] = key.split(' ');
  return [
    `severity=${severity}`,
    ...(environment === undefined ? [] : [`environment=${environment}`]),
    ...others,
  ];
}

describe.skipIf(daemonMissing !== null)(`routing tables${daemonMissing ?? ''}`, () => {
  it('are written down for every spec in stacks/', () => {
    expect(STACK_FILES.map(([, file]) => file).filter((file) => TABLES[file] === undefined)).toEqual([]);
  });

  it.each(Object.entries(TABLES))(
    '%s: every severity in every environment, and the Watchdog',
    async (_name, table) => {
      const stack = table.stackOf();
      const environments = new Set(stack.servers.map(({ labels }) => labels.environment));
      const wanted = [...environments].flatMap((one) =>
        one === undefined ? [] : SEVERITIES.map((severity) => `${severity} ${one}`),
      );
      expect(wanted.filter((key) => table.routes[key] === undefined)).toEqual([]);
      const keys = Object.keys(table.routes);
      const watchdogs = ['', 'environment=prod', 'severity=critical'].map((label) =>
        ['alertname=Watchdog', 'severity=none', label].filter((one) => one !== ''),
      );
      const found = await receiversOf(stack, [...keys.map(labelsOf), ...watchdogs]);
      expect(Object.fromEntries(keys.map((key, index) => [key, found[index]]))).toEqual(table.routes);
      expect(found.slice(keys.length)).toEqual(watchdogs.map(() => table.watchdog));
    },
  );
});
