/** Latency: the share of calls in slow statements against the objective. Not a percentile: PostgreSQL keeps no histogram. */

import { DASHBOARD_UIDS } from '../dashboard.ts';
import { NO_STATEMENTS } from '../empty-when.ts';
import { query, table, timeSeries } from '../house-look.ts';
import { FEW_CALLS, NO_LATENCY_OBJECTIVE } from '../stack-empty-when.ts';
import { highIsBad, lowIsBad } from '../thresholds.ts';
import { chosen, latencyBurn, slo, slowCalls } from './slo-expressions.ts';
import { highest, topLines } from './top.ts';

const BURN = highIsBad(1, 14.4);
const burn = (window: string, legend: string) =>
  query(chosen(latencyBurn(window)), legend, { unit: 'short', thresholds: BURN });

export const LATENCY_BY_SERVER = table({
  id: 'latency-by-server',
  title: 'Calls in Fast Statements by Budget Left (%)',
  text: {
    shows:
      'Each server with a latency objective: what is left of its budget, the objective, from which mean time on a statement is slow, the share of calls of the last hour in fast statements, burn rates over an hour and six hours, and calls per second.',
    normal:
      'A budget well above 0 %, burn rates below 1. Below 100 calls in a window there is no figure for it.',
    action: 'On 04-Queries of that server look for statements whose mean time is above the threshold.',
  },
  unit: 'percentunit',
  decimals: 2,
  columns: [
    {
      label: 'instance',
      header: 'Server',
      link: { title: 'Queries', dashboard: DASHBOARD_UIDS.queries, variables: { instance: 'instance' } },
    },
  ],
  queries: [
    query(chosen(slo('latencyBudgetLeft')), 'Budget left', { thresholds: lowIsBad(0, 0.25) }),
    query(chosen(slo('latencyObjective')), 'Objective'),
    query(chosen(slo('latencyThreshold')), 'Slow from', { unit: 's' }),
    query(chosen(`1 - ${slowCalls('1h')}`), 'Fast, 1 h'),
    burn('1h', 'Burn 1 h'),
    burn('6h', 'Burn 6 h'),
    query(chosen(slo('calls')), 'Calls', { unit: 'reqps' }),
  ],
  isAscending: true,
  height: 6,
  emptyWhen: [NO_LATENCY_OBJECTIVE],
  alert: 'PostgreSQLLatencyBurnFast',
});

const NO_LATENCY = [NO_LATENCY_OBJECTIVE, NO_STATEMENTS, FEW_CALLS];

export const SLOW_CALLS = timeSeries({
  id: 'slow-calls',
  title: 'Calls in Slow Statements, the Ten Worst (%)',
  text: {
    shows:
      'Share of the calls that were in statements whose mean time over five minutes was above the threshold. One slow call among many fast ones of the same statement is not seen.',
    normal: 'Below what the objective leaves: 1 % for an objective of 99 %.',
    action: 'A step up is a statement that became slow: a changed plan, locks, or slow disks.',
  },
  unit: 'percentunit',
  min: 0,
  queries: [
    query(topLines(10, slowCalls('5m'), chosen(highest(slowCalls('5m')))), '{{instance}}', {
      everySeconds: 60,
    }),
  ],
  width: 12,
  height: 6,
  emptyWhen: NO_LATENCY,
  alert: 'PostgreSQLLatencyBurnSlow',
});

export const LATENCY_BURN = timeSeries({
  id: 'latency-burn',
  title: 'Latency Burn Rate, 1 h, the Ten Fastest (times)',
  text: {
    shows: 'How many times faster than allowed the latency budget went, over the hour before each moment.',
    normal: 'Below 1.',
    action:
      'While it stays above 14.4 (for a window of 30 days) a page is due; see 04-Queries of that server.',
  },
  unit: 'short',
  min: 0,
  queries: [
    query(
      latencyBurn('1h', (ratio) => `(${topLines(10, ratio, chosen(latencyBurn('1h', highest)))})`),
      '{{instance}}',
      { everySeconds: 60 },
    ),
  ],
  width: 12,
  height: 6,
  thresholds: BURN,
  emptyWhen: NO_LATENCY,
  alert: 'PostgreSQLLatencyBurnFast',
});
