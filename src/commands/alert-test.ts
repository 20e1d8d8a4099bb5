/** `pgmon alert test`: a test alert to each receiver through the running Alertmanager, and what became of it. */
import { DELIVERY_NAMES } from '../conventions.ts';
import { EnvironmentError, EXIT_CODES, UsageError } from '../errors.ts';
import { requestService } from '../host/service-client.ts';
import type { CommandResult } from '../output/reporter.ts';
import { suggestion } from '../spec/nearest.ts';
import type { Service } from '../stack/rendered-stack.ts';
import type { Stack } from '../stack/stack.ts';
import { type NotificationOutcome, notificationOutcome } from '../verify/notification-outcome.ts';
import type { CommandContext, StackOptions } from './context.ts';
import { loadRendering } from './load-stack.ts';
import { nextCommand } from './next-command.ts';

export interface AlertTestOptions extends StackOptions {
  /** Only this one. */
  readonly receiver?: string;
}

/** Alertmanager gives up after ten seconds; see the timing of its test routes. */
const TIMEOUT_MS = 15_000;
const POLL_MS = 200;
/** After this the alert is over by itself, and a PagerDuty incident closed. */
const LIFETIME_MS = 60_000;

function receiversOf({ delivery }: Stack, only: string | undefined): readonly string[] {
  const names = [...new Set(delivery.receivers.map(({ name }) => name))];
  if (names.length === 0) {
    throw new UsageError('the spec names no receiver: there is nothing to test', {
      code: 'no-receiver',
      hint: 'add one below alerting.receivers',
    });
  }
  if (only !== undefined && !names.includes(only)) {
    throw new UsageError(`there is no receiver "${only}"${suggestion(only, names)}`, {
      code: 'unknown-receiver',
    });
  }
  return only === undefined ? names : [only];
}

function testAlert(receiver: string, nowMs: number) {
  return {
    labels: {
      alertname: DELIVERY_NAMES.testAlert,
      severity: 'info',
      [DELIVERY_NAMES.testReceiverLabel]: receiver,
      // A group of its own: nothing holds the message back.
      run: String(nowMs),
    },
    annotations: {
      summary: `This is a test of the receiver ${receiver} by pgmon`,
      description: 'Nothing is wrong: somebody ran `pgmon alert test`. It is over in a minute.',
    },
    startsAt: new Date(nowMs).toISOString(),
    endsAt: new Date(nowMs + LIFETIME_MS).toISOString(),
  };
}

function alertmanagerClient(context: CommandContext, service: Service) {
  return async (path: string, body?: unknown): Promise<string> => {
    const post = { method: 'POST', headers: { 'content-type': 'application/json' } } as const;
    const answer = await requestService(context.host, service, new Map(), {
      path,
      signal: context.signal,
      timeoutMs: 5_000,
      ...(body !== undefined && { ...post, body: JSON.stringify(body) }),
    }).catch((cause: Error) => {
      context.signal.throwIfAborted();
      throw new EnvironmentError(`cannot reach Alertmanager: ${cause.message}`, {
        code: 'alertmanager-unreachable',
        hint: 'is the stack up? see `pgmon status`',
        cause,
      });
    });
    if (answer.status === 200) return answer.body;
    throw new EnvironmentError(`Alertmanager answers ${path} with HTTP ${answer.status}`, {
      code: 'alertmanager-refuses',
      hint: 'see why with `pgmon logs alertmanager`',
    });
  };
}

const isSettled = (outcome: NotificationOutcome): boolean =>
  outcome.kind === 'taken' || (outcome.kind === 'failed' && outcome.isFinal);

async function sendTests(context: CommandContext, service: Service, receivers: readonly string[]) {
  const { clock } = context.host;
  const call = alertmanagerClient(context, service);
  // Without its test routes the alert would go to whoever takes the rest.
  if (!(await call('/api/v2/status')).includes(DELIVERY_NAMES.testAlert)) {
    throw new EnvironmentError('the running Alertmanager has no routes for tests', {
      code: 'alertmanager-outdated',
      hint: 'apply the spec with `pgmon up`',
    });
  }
  const before = await call('/metrics');
  const startMs = clock.now();
  await call(
    '/api/v2/alerts',
    receivers.map((name) => testAlert(name, startMs)),
  );
  for (;;) {
    const after = await call('/metrics');
    const outcomes = receivers.map((name) => ({ name, outcome: notificationOutcome(before, after, name) }));
    if (outcomes.every(({ outcome }) => isSettled(outcome)) || clock.now() - startMs > TIMEOUT_MS)
      return outcomes;
    await clock.sleep(POLL_MS, context.signal);
  }
}

function outcomeText(outcome: NotificationOutcome): string {
  switch (outcome.kind) {
    case 'taken':
      return 'took the message';
    case 'pending':
      return `nothing was sent within ${TIMEOUT_MS / 1000} s`;
    case 'failed':
      return outcome.reason === null
        ? 'did not take the message'
        : `did not take the message (${outcome.reason})`;
  }
}

/** Exit code 6 when a receiver did not take its message. */
export async function alertTest(context: CommandContext, options: AlertTestOptions): Promise<CommandResult> {
  const { stack, rendered } = await loadRendering(context, options);
  const service = rendered.services.find(({ name }) => name === 'alertmanager');
  if (service === undefined) {
    throw new UsageError('this stack runs without Alertmanager', {
      code: 'no-alertmanager',
      ...(stack.alerts.engine === 'grafana' && {
        hint: 'Grafana sends the alerts here: it has a test button for each contact point, under Alerting',
      }),
    });
  }
  const outcomes = await sendTests(context, service, receiversOf(stack, options.receiver));
  const isOk = outcomes.every(({ outcome }) => outcome.kind === 'taken');
  const hint = isOk ? '' : `see what went wrong with \`${nextCommand('logs alertmanager', options)}\`\n`;
  const lines = outcomes.map(({ name, outcome }) => `${name}: ${outcomeText(outcome)}\n`);
  return {
    exitCode: isOk ? EXIT_CODES.done : EXIT_CODES.verify,
    text: lines.join('') + hint,
    json: {
      stack: stack.name,
      receivers: outcomes.map(({ name, outcome }) => ({
        name,
        outcome: outcome.kind,
        reason: outcome.kind === 'failed' ? outcome.reason : null,
      })),
    },
  };
}
