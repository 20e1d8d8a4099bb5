import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { INHIBITIONS } from '../../../src/catalog/alerts/inhibitions.ts';
import type { Stack } from '../../../src/stack/stack.ts';
import { createFullStack } from '../../support/full-stack-fixture.ts';
import { renderForTest, textOf } from '../../support/rendering.ts';
import { createStack } from '../../support/stack-fixture.ts';

interface Route {
  readonly receiver: string;
  readonly matchers?: readonly string[];
  readonly mute_time_intervals?: readonly string[];
  readonly group_interval?: string;
  readonly repeat_interval?: string;
}

interface Config {
  readonly route: Route & { readonly group_by: readonly string[]; readonly routes: readonly Route[] };
  readonly inhibit_rules: readonly {
    readonly source_matchers: readonly string[];
    readonly target_matchers: readonly string[];
    readonly equal?: readonly string[];
  }[];
  readonly receivers: readonly ({ readonly name: string } & Record<string, unknown>)[];
  readonly time_intervals?: readonly unknown[];
}

const configOf = (stack: Stack): Config =>
  parse(textOf(renderForTest(stack), 'alertmanager/alertmanager.yml')) as Config;
const messagesOf = (stack: Stack): string =>
  textOf(renderForTest(stack), 'alertmanager/templates/pgmon.tmpl');

describe('inhibitions', () => {
  it('never hide a server that is down, or the Watchdog', () => {
    const targets = INHIBITIONS.flatMap((one) => (one.targets === 'everything' ? [] : one.targets));
    expect(targets).not.toContain('PostgreSQLDown');
    expect(targets).not.toContain('Watchdog');
    const everything = INHIBITIONS.filter((one) => one.targets === 'everything');
    expect(everything.map(({ sources, equal }) => ({ sources, equal }))).toEqual([
      { sources: ['PostgreSQLDown'], equal: ['environment', 'instance'] },
    ]);
    expect(configOf(createStack()).inhibit_rules[0]).toEqual({
      source_matchers: ['alertname="PostgreSQLDown"', 'instance!=""'],
      target_matchers: ['alertname!~"PostgreSQLDown|Watchdog"', 'instance!=""'],
      equal: ['environment', 'instance'],
    });
  });

  it('do not take two alerts without an instance for alerts of one server', () => {
    for (const rule of configOf(createStack()).inhibit_rules) {
      if (!rule.equal?.includes('instance')) continue;
      expect(rule.source_matchers).toContain('instance!=""');
      expect(rule.target_matchers).toContain('instance!=""');
    }
  });
});

describe('routes', () => {
  it("send the Watchdog to the dead man's switch alone, exactly once an interval", () => {
    const { route } = configOf(createFullStack());
    expect(route.routes[0]).toEqual({
      receiver: 'heartbeat',
      matchers: ['alertname="Watchdog"'],
      group_by: ['alertname'],
      group_wait: '0s',
      group_interval: '30000ms',
      repeat_interval: '45000ms',
      continue: false,
    });
  });

  it("send the Watchdog to nobody without a dead man's switch", () => {
    const { route, receivers } = configOf(createStack());
    expect(route.routes).toEqual([
      { receiver: 'pgmon-no-receiver', matchers: ['alertname="Watchdog"'], continue: false },
    ]);
    expect(receivers).toEqual([{ name: 'pgmon-no-receiver' }]);
  });

  it("do not tell the dead man's switch that the Watchdog is over", () => {
    const heartbeat = configOf(createFullStack()).receivers.find(({ name }) => name === 'heartbeat');
    expect(heartbeat).toMatchObject({ webhook_configs: [{ send_resolved: false }] });
  });

  it('carry mute times in the zone that the spec names', () => {
    const config = configOf(createFullStack());
    expect(config.route.routes.at(-1)).toMatchObject({ receiver: 'mail', mute_time_intervals: ['nights'] });
    expect(config.time_intervals).toEqual([
      {
        name: 'nights',
        time_intervals: [
          {
            weekdays: ['monday', 'tuesday', 'sunday'],
            times: [
              { start_time: '00:00', end_time: '06:30' },
              { start_time: '22:00', end_time: '24:00' },
            ],
            location: 'Europe/Berlin',
          },
        ],
      },
    ]);
  });
});

describe('messages', () => {
  const stacks = [createFullStack(), createStack()];

  it('exist for every template that a receiver calls', () => {
    for (const stack of [createFullStack(), createFullStack({ alertmanager: createStack().alertmanager })]) {
      const config = textOf(renderForTest(stack), 'alertmanager/alertmanager.yml');
      const called = [config, messagesOf(stack)].flatMap((text) =>
        [...text.matchAll(/\{\{-? *template "([^"]+)"/g)].map(([, name]) => name),
      );
      const defined = [...messagesOf(stack).matchAll(/\{\{-? *define "([^"]+)"/g)].map(([, name]) => name);
      expect(called.filter((name) => !defined.includes(name))).toEqual([]);
      expect(defined.filter((name) => !called.includes(name))).toEqual([]);
      expect(new Set(defined).size).toBe(defined.length);
    }
  });

  it('link to Prometheus and Alertmanager only where people can reach them', () => {
    const [full, plain] = stacks.map(messagesOf);
    expect(full).toContain('{{ .GeneratorURL }}');
    expect(full).toContain('{{ .ExternalURL }}');
    expect(plain).not.toContain('GeneratorURL');
    expect(plain).not.toContain('ExternalURL');
  });

  it("keep braces of the spec's file name out of the template", () => {
    expect(messagesOf(createStack({ specName: 'a {{ b }}.yaml' }))).toMatch(/^# .*a \{ \{ b \}\}\.yaml/);
  });
});
