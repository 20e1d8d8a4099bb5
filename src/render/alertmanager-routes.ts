/** Alertmanager's routing table: the Watchdog and pgmon's trials on ways of their own, then the spec's routes, then the default receiver. */
import { DELIVERY_NAMES } from '../conventions.ts';
import type { Delivery, MuteTime, Route } from '../stack/delivery.ts';
import { sortedPairs } from './render-context.ts';

const { testAlert, testReceiverLabel } = DELIVERY_NAMES;
/** Takes what goes to nobody: alerts without a receiver are shown, not sent. */
export const NO_RECEIVER = DELIVERY_NAMES.noReceiver;
export const WATCHDOG = DELIVERY_NAMES.watchdog;

interface RouteView {
  readonly receiver: string;
  readonly matchers: readonly string[];
  readonly mute: readonly string[];
  readonly continues: boolean;
  /** Null = as the routes above say. */
  readonly timing: {
    readonly groupBy: string;
    readonly groupWait: string;
    readonly groupInterval: string;
    readonly repeatInterval: string;
  } | null;
}

export interface RoutingView {
  readonly defaultReceiver: string;
  readonly groupBy: readonly string[];
  readonly groupWait: number;
  readonly groupInterval: number;
  readonly repeatInterval: number;
  readonly routes: readonly RouteView[];
  readonly muteTimes: readonly MuteTime[];
}

/** `severity="critical"`, quoted as Alertmanager's matcher syntax wants it. */
export function matcherText(name: string, value: string, operator: '=' | '=~' | '!=' | '!~' = '='): string {
  const quote = (text: string) => `"${text.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n')}"`;
  return `${/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name) ? name : quote(name)}${operator}${quote(value)}`;
}

/**
 * Alertmanager looks at a group once every `group_interval` and repeats when the last message is older than
 * `repeat_interval`. With both the same, a message that went out a moment late would hold the next one back for a whole
 * interval more; half and three quarters make it exactly one message an interval.
 */
function watchdogTiming(intervalSeconds: number): RouteView['timing'] {
  return {
    groupBy: 'alertname',
    groupWait: '0s',
    groupInterval: `${intervalSeconds * 500}ms`,
    repeatInterval: `${intervalSeconds * 750}ms`,
  };
}

function watchdogRoute({ deadManSwitch }: Delivery): RouteView {
  return {
    receiver: deadManSwitch?.receiver ?? NO_RECEIVER,
    matchers: [matcherText('alertname', WATCHDOG)],
    mute: [],
    continues: false,
    timing: deadManSwitch === null ? null : watchdogTiming(deadManSwitch.intervalSeconds),
  };
}

/** One for each receiver, so that each can be tried by itself; every trial is a group of its own and is sent at once. */
function testRoutes({ receivers }: Delivery): readonly RouteView[] {
  const names = [...new Set(receivers.map(({ name }) => name))];
  return names.map((name) => ({
    receiver: name,
    matchers: [matcherText('alertname', testAlert), matcherText(testReceiverLabel, name)],
    mute: [],
    continues: false,
    timing: { groupBy: '...', groupWait: '0s', groupInterval: '10s', repeatInterval: '1h' },
  }));
}

function buildRoute({ receiver, match, mute, continues }: Route): RouteView {
  const matchers = sortedPairs(match).map(({ name, value }) => matcherText(name, value));
  return { receiver, matchers, mute, continues, timing: null };
}

export function buildRoutingView(delivery: Delivery): RoutingView {
  const { defaultReceiver, routes, groupBy, groupWait, groupInterval, repeatInterval, muteTimes } = delivery;
  return {
    defaultReceiver: defaultReceiver ?? NO_RECEIVER,
    groupBy,
    groupWait,
    groupInterval,
    repeatInterval,
    routes: [watchdogRoute(delivery), ...testRoutes(delivery), ...routes.map(buildRoute)],
    muteTimes,
  };
}
