/** Grafana as the engine on a real stack: what is provisioned is taken, shown by its API, and a message arrives. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { hasGrafana, specOf } from '../support/check-spec.ts';
import { type HttpSink, startHttpSink } from '../support/http-sink.ts';
import { ensureTestImages, imageVariable } from '../support/images.ts';
import { freePorts, type RunningStack, startStack } from '../support/running-stack.ts';
import { runTool } from '../support/tools.ts';

interface RuleGroups {
  readonly data: {
    readonly groups: readonly {
      readonly rules: readonly { readonly name: string; readonly health: string }[];
    }[];
  };
}

beforeAll(ensureTestImages);

describe.skipIf(!hasGrafana)(
  `Grafana as the alerting engine (skipped where there is no image of it and ${imageVariable('grafana')} names none)`,
  () => {
    let stack: RunningStack;
    let address = '';
    let sink: HttpSink;

    beforeAll(async () => {
      const [port = 0] = await freePorts(1);
      sink = await startHttpSink();
      address = `http://127.0.0.1:${port}`;
      stack = await startStack('grafana-engine', async (name, dir) => {
        const text = await specOf(name, dir, { grafana: `{port: ${port}, adminPassword: {file: right}}` });
        return `${text}alerting:
  engine: grafana
  receivers:
    - name: switch
      webhook: {url: "${sink.url}/switch"}
  deadManSwitch: {receiver: switch, interval: 1m}
`;
      });
    });
    afterAll(async () => {
      await sink?.close();
      await stack?.remove();
    });

    test('starts without an error about what is provisioned', async () => {
      const { id } = await stack.container('grafana');
      const { output } = await runTool('docker', ['logs', id]);
      expect(output.split('\n').filter((line) => /level=error/.test(line) && /provision/.test(line))).toEqual(
        [],
      );
    });

    test('shows every rule that was rendered, and evaluates it without an error', async () => {
      const file = stack.rendered.files.find(
        ({ path }) => path === 'grafana/provisioning/alerting/rules.yml',
      );
      const rendered = (parse(file?.content ?? '') as { groups: { rules: { title: string }[] }[] }).groups;
      const expected = rendered.flatMap(({ rules }) => rules.map(({ title }) => title)).toSorted();
      const login = `Basic ${Buffer.from(`admin:${stack.secrets.get('grafana.adminPassword')}`).toString('base64')}`;
      const read = async () => {
        const answer = await fetch(`${address}/api/prometheus/grafana/api/v1/rules`, {
          headers: { authorization: login },
        });
        return ((await answer.json()) as RuleGroups).data.groups.flatMap(({ rules }) => rules);
      };
      await expect
        .poll(async () => (await read()).map(({ name }) => name).toSorted(), {
          timeout: 60_000,
          interval: 1000,
        })
        .toEqual(expected);
      await expect
        .poll(async () => (await read()).filter(({ health }) => health !== 'ok'), {
          timeout: 90_000,
          interval: 2000,
        })
        .toEqual([]);
    });

    test('sends the sign of life', async () => {
      await expect
        .poll(() => sink.to('/switch').length, { timeout: 150_000, interval: 1000 })
        .toBeGreaterThan(0);
      expect(sink.to('/switch')[0]?.body).toContain('"alertname":"Watchdog"');
    });

    test('lets a check pass that finds no alerting rules in Prometheus', async () => {
      const results = await stack.verify();
      expect(results.get('alertmanager/alertmanager')).toMatchObject({ status: 'skip' });
      expect([...results.values()].filter(({ hop, status }) => hop === 'rules' && status === 'fail')).toEqual(
        [],
      );
    });
  },
);
