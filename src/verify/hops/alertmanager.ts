/** Hop `alertmanager`: it is ready with the rendered configuration, and Prometheus sends its alerts there. */
import { parse } from 'yaml';
import { configDifference } from '../config-difference.ts';
import { ALERTMANAGER_CONFIG, expectedAlertmanagers, findFile } from '../expected.ts';
import { samplesOf, sampleValue } from '../exposition.ts';
import { asText, at } from '../json.ts';
import { readActiveAlertmanagers } from '../prometheus-api.ts';
import { settle } from '../settle.ts';
import {
  ask,
  askJson,
  type CheckHop,
  type Finding,
  fail,
  isReachable,
  judgePart,
  pass,
  type VerifyContext,
} from '../verify-context.ts';

const NAME = 'alertmanager';
const RELOAD_METRIC = 'alertmanager_config_last_reload_successful';

/** The verdict about Alertmanager's own answers; null = nothing wrong. `status` is `/api/v2/status`. */
export function judgeAlertmanager(status: unknown, metrics: string, rendered: string | null): Finding | null {
  const cluster = asText(at(status, 'cluster', 'status'));
  const running = asText(at(status, 'config', 'original'));
  if (running === '')
    return fail(NAME, 'it has no configuration loaded', 'see why with `pgmon logs alertmanager`');
  if (cluster !== 'ready' && cluster !== 'disabled') {
    return fail(
      NAME,
      `its cluster status is ${cluster === '' ? 'unknown' : cluster}`,
      'check again in a moment',
    );
  }
  if (sampleValue(samplesOf(metrics, [RELOAD_METRIC]), RELOAD_METRIC) === 0) {
    return fail(NAME, 'it refused the last reload', 'see what it refused with `pgmon logs alertmanager`');
  }
  const difference = rendered === null ? null : configDifference(parse(rendered), parse(running));
  if (difference === null) return null;
  return fail(NAME, `it runs another configuration: ${difference} differs`, 'apply the spec with `pgmon up`');
}

async function lookInside(context: VerifyContext): Promise<Finding | null> {
  if (!isReachable(context.rendered, NAME)) return null;
  const [ready, status, metrics] = await Promise.all([
    ask(context, NAME, { path: '/-/ready' }),
    askJson(context, NAME, { path: '/api/v2/status' }),
    ask(context, NAME, { path: '/metrics' }),
  ]);
  if (ready.status !== 200)
    return fail(NAME, `not ready: HTTP ${ready.status}`, 'see why with `pgmon logs alertmanager`');
  const rendered = findFile(context.rendered.files, ALERTMANAGER_CONFIG)?.content ?? null;
  return judgeAlertmanager(status, metrics.body, rendered);
}

async function activeForPrometheus(
  context: VerifyContext,
  expected: readonly string[],
): Promise<readonly string[]> {
  const { host, signal, deadlineMs } = context;
  return settle({ clock: host.clock, signal, deadlineMs }, async () => {
    const value = readActiveAlertmanagers(
      await askJson(context, 'prometheus', { path: '/api/v1/alertmanagers' }),
    );
    return { value, isSettled: expected.every((each) => value.includes(each)) };
  });
}

async function look(context: VerifyContext): Promise<Finding> {
  const problem = await lookInside(context);
  if (problem !== null) return problem;
  const expected = expectedAlertmanagers(context.rendered.files);
  const active = await activeForPrometheus(context, expected);
  const missing = expected.filter((each) => !active.includes(each));
  if (missing.length > 0 || expected.length === 0) {
    const seen = missing.length > 0 ? missing.join(', ') : 'no Alertmanager in its configuration';
    return fail(
      NAME,
      `ready, but Prometheus does not send alerts to it (${seen})`,
      'apply the spec with `pgmon up`',
    );
  }
  const inside = isReachable(context.rendered, NAME) ? 'ready with the rendered configuration, ' : '';
  return pass(NAME, `${inside}Prometheus sends alerts to ${active.join(', ')}`);
}

export const checkAlertmanager: CheckHop = (context) => {
  const part = { hop: NAME, subject: NAME, absence: 'the stack runs without Alertmanager' } as const;
  return judgePart(context, part, context.stack.alertmanager === null ? null : () => look(context));
};
