// systemd's own judgement of every rendered unit. The table of exposures: PGMON_PRINT_SCORES=1 npx vitest run --project unit test/unit/systemd-units.test.ts
import { afterAll, describe, expect, it } from 'vitest';
import type { RenderedStack } from '../../src/stack/rendered-stack.ts';
import { renderForTest } from '../support/rendering.ts';
import { createNativeStack } from '../support/stack-fixture.ts';
import { readStack, STACK_FILES } from '../support/stacks.ts';
import {
  createUnitRoot,
  exposureOf,
  systemdAnalyzeMissing,
  verifyUnits,
} from '../support/systemd-analyze.ts';

const MAX_EXPOSURE = 2.0;
const missing = systemdAnalyzeMissing();

const HOSTILE = [
  '%h %% 100%',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: systemd expands this form too
  '$HOME $$ ${PATH}',
  '"a" \'b\' \\ \\" \\',
  '; # | & \t tab',
  'a\nExecStart=/bin/b',
  'é ☃',
];

/** Every text that a spec can put into a unit, at its worst. */
function hostile(): RenderedStack {
  const stack = createNativeStack();
  const [first] = stack.servers;
  const text = HOSTILE.join(' ');
  return renderForTest({
    ...stack,
    name: 'hostile',
    specName: text,
    servers:
      first === undefined ? [] : [...stack.servers, { ...first, name: text, user: text, database: text }],
    prometheus: { ...stack.prometheus, externalUrl: `https://metrics.example.com/${text}` },
    alertmanager: stack.alertmanager && { ...stack.alertmanager, externalUrl: text },
    grafana: stack.grafana && { ...stack.grafana, adminUser: text, rootUrl: text },
  });
}

/** Client keys, and a program in somebody's home. */
function withExtras(): RenderedStack {
  const stack = createNativeStack();
  const { native } = stack;
  const prometheus = native?.programs.prometheus;
  if (!native || !prometheus) throw new Error('the native stack has no Prometheus');
  const atHome = { ...prometheus, path: '/home/ops/bin/prometheus' };
  return renderForTest({
    ...stack,
    name: 'extras',
    native: { ...native, programs: { ...native.programs, prometheus: atHome } },
    servers: stack.servers.map((server) => ({
      ...server,
      tls: { ca: 'servers.x.ca', cert: 'servers.x.cert', key: `servers.${server.name}.tls.key` },
    })),
  });
}

const SHIPPED = STACK_FILES.flatMap(([name, file]) => {
  const stack = readStack(file);
  return stack.runtime === 'native' ? [[`stacks/${name}`, renderForTest(stack)] as const] : [];
});
const STACKS: readonly (readonly [name: string, rendered: RenderedStack])[] = [
  ...SHIPPED,
  ['the fixture with every service', renderForTest(createNativeStack())],
  ['hostile texts', hostile()],
  ['client keys and a program at home', withExtras()],
];

it('finds native stacks among those that are shipped', () => {
  expect(SHIPPED.length).toBeGreaterThan(0);
});

describe.skipIf(missing !== null).each(STACKS)(`systemd${missing ?? ''}, of %s`, (_, rendered) => {
  const root = createUnitRoot(rendered);
  afterAll(root.remove);

  it('has nothing to say when it verifies the units', async () => {
    expect(await verifyUnits(root)).toEqual({ exitCode: 0, stderr: '' });
  });

  it(`calls the exposure of no unit higher than ${MAX_EXPOSURE}`, async () => {
    const exposures = await exposureOf(root);
    expect(exposures.map(([unit]) => unit).sort()).toEqual(
      root.units.filter((unit) => unit.endsWith('.service')).sort(),
    );
    if (process.env.PGMON_PRINT_SCORES === '1') {
      process.stdout.write(exposures.map(([unit, exposure]) => `${exposure} ${unit}\n`).join(''));
    }
    expect(exposures.filter(([, exposure]) => exposure > MAX_EXPOSURE)).toEqual([]);
  });
});

describe.skipIf(missing !== null)(`the judgement${missing ?? ''}`, () => {
  it('finds an unknown directive, a missing program and a wide open unit', async () => {
    const rendered = renderForTest(createNativeStack());
    const files = rendered.files.map((file) =>
      file.path.endsWith('-prometheus.service')
        ? { ...file, content: '[Service]\nRestartSecs=2\nExecStart=/usr/bin/not-there\n' }
        : file,
    );
    const root = createUnitRoot({ ...rendered, files });
    try {
      const { stderr } = await verifyUnits(root);
      expect(stderr).toContain("Unknown key 'RestartSecs'");
      expect(stderr).toContain('/usr/bin/not-there is not executable');
      const exposures = new Map(await exposureOf(root));
      expect(exposures.get('pgmon-native-prometheus.service')).toBeGreaterThan(9);
    } finally {
      root.remove();
    }
  });
});
