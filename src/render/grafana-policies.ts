/** Grafana's notification policies and mute timings: the spec's routes, the Watchdog on a way of its own. */
import { DELIVERY_NAMES } from '../conventions.ts';
import type { Delivery, Route } from '../stack/delivery.ts';
import { dollarText } from './grafana-contact-points.ts';
import { sortedPairs } from './render-context.ts';

const NO_RECEIVER = DELIVERY_NAMES.noReceiver;
/** For what goes to nobody. */
const ALWAYS = 'pgmon-always';

type Matcher = readonly [label: string, operator: '=', value: string];

const matchers = (match: Readonly<Record<string, string>>): readonly Matcher[] =>
  sortedPairs(match).map(({ name, value }) => [dollarText(name), '=', dollarText(value)]);

/** Half and three quarters of the interval: one message in each, see `alertmanager-routes.ts`. */
function watchdogPolicy({ deadManSwitch }: Delivery) {
  const object_matchers = matchers({ alertname: DELIVERY_NAMES.watchdog });
  if (deadManSwitch === null)
    return { receiver: NO_RECEIVER, object_matchers, mute_time_intervals: [ALWAYS], continue: false };
  const { receiver, intervalSeconds } = deadManSwitch;
  return {
    receiver,
    object_matchers,
    continue: false,
    group_by: ['alertname'],
    group_wait: '0s',
    group_interval: `${intervalSeconds * 500}ms`,
    repeat_interval: `${intervalSeconds * 750}ms`,
  };
}

function policyOf({ receiver, match, mute, continues }: Route) {
  return {
    receiver,
    object_matchers: matchers(match),
    continue: continues,
    ...(mute.length === 0 ? {} : { mute_time_intervals: mute }),
  };
}

/** The whole tree: Grafana knows only one, and what was there before is replaced. */
export function buildPolicies(delivery: Delivery) {
  const { defaultReceiver, routes, groupBy, groupWait, groupInterval, repeatInterval } = delivery;
  const rest = { receiver: NO_RECEIVER, mute_time_intervals: [ALWAYS], object_matchers: [], continue: false };
  return {
    apiVersion: 1,
    policies: [
      {
        orgId: 1,
        receiver: defaultReceiver ?? NO_RECEIVER,
        group_by: groupBy,
        group_wait: `${groupWait}s`,
        group_interval: `${groupInterval}s`,
        repeat_interval: `${repeatInterval}s`,
        // The root cannot be muted.
        routes: [
          watchdogPolicy(delivery),
          ...routes.map(policyOf),
          ...(defaultReceiver === null ? [rest] : []),
        ],
      },
    ],
  };
}

export function buildMuteTimes({ muteTimes, defaultReceiver, deadManSwitch }: Delivery) {
  const isNobodyUsed = defaultReceiver === null || deadManSwitch === null;
  const always = {
    orgId: 1,
    name: ALWAYS,
    time_intervals: [{ times: [{ start_time: '00:00', end_time: '24:00' }] }],
  };
  return {
    apiVersion: 1,
    muteTimes: [
      ...(isNobodyUsed ? [always] : []),
      ...muteTimes.map(({ name, weekdays, times, location }) => ({
        orgId: 1,
        name,
        time_intervals: [
          {
            times: times.map(({ from, to }) => ({ start_time: from, end_time: to })),
            weekdays,
            location,
          },
        ],
      })),
    ],
  };
}
