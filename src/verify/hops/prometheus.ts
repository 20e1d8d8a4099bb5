/** Hop `prometheus`: it is ready, its last reload worked, and it runs the configuration that was rendered. */
import { parse } from 'yaml';
import { configDifference } from '../config-difference.ts';
import { formatSpan } from '../duration.ts';
import { findFile, PROMETHEUS_CONFIG } from '../expected.ts';
import { asText, at } from '../json.ts';
import { type RuntimeInfo, readRuntimeInfo } from '../prometheus-api.ts';
import {
  ask,
  askJson,
  type CheckHop,
  type Finding,
  fail,
  judge,
  pass,
  type VerifyContext,
} from '../verify-context.ts';

const NAME = 'prometheus';

/** The verdict about a Prometheus that is ready. Both configurations are parsed YAML. */
export function judgePrometheus(
  runtime: RuntimeInfo,
  configs: { readonly rendered: unknown; readonly running: unknown },
  nowMs: number,
): Finding {
  if (!runtime.isLastReloadGood) {
    const hint = 'see what it refused with `pgmon logs prometheus`, correct the spec, then `pgmon up`';
    return fail(
      NAME,
      'ready, but it refused the last reload and still runs the configuration before it',
      hint,
    );
  }
  const difference = configDifference(configs.rendered, configs.running);
  if (difference !== null) {
    return fail(
      NAME,
      `ready, but it runs another configuration: ${difference} differs`,
      'apply the spec with `pgmon up`',
    );
  }
  const age =
    runtime.configLoadedMs === null ? '' : `, loaded ${formatSpan(nowMs - runtime.configLoadedMs)} ago`;
  return pass(NAME, `ready, runs the rendered configuration${age}`);
}

async function look(context: VerifyContext): Promise<Finding> {
  const [ready, runtime, config] = await Promise.all([
    ask(context, NAME, { path: '/-/ready' }),
    askJson(context, NAME, { path: '/api/v1/status/runtimeinfo' }),
    askJson(context, NAME, { path: '/api/v1/status/config', timeoutMs: 15_000 }),
  ]);
  if (ready.status !== 200) {
    return fail(NAME, `not ready: HTTP ${ready.status}`, 'see why with `pgmon logs prometheus`');
  }
  const rendered: unknown = parse(findFile(context.rendered.files, PROMETHEUS_CONFIG)?.content ?? '');
  const running: unknown = parse(asText(at(config, 'data', 'yaml')));
  return judgePrometheus(readRuntimeInfo(runtime), { rendered, running }, context.host.clock.now());
}

export const checkPrometheus: CheckHop = async (context) => [
  await judge(context, 'prometheus', NAME, () => look(context)),
];
