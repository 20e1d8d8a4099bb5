/** The objectives of the chosen servers in numbers. */

import { NO_STATEMENTS } from '../empty-when.ts';
import { query, stat } from '../house-look.ts';
import { BUDGET_NOT_COUNTED, FEW_CALLS, NO_LATENCY_OBJECTIVE, NO_OBJECTIVE } from '../stack-empty-when.ts';
import { anyIsBad, highIsBad, lowIsBad } from '../thresholds.ts';
import { availabilityBurn, chosen, latencyBurn, slo, slowCalls } from './slo-expressions.ts';

const NO_LATENCY = [NO_LATENCY_OBJECTIVE, NO_STATEMENTS, FEW_CALLS];

export const WITH_OBJECTIVE = stat({
  id: 'with-objective',
  title: 'Servers with Objective (count)',
  text: {
    shows: 'Servers for which the spec promises something (`slo`).',
    normal: 'Every server that people depend on.',
    action: 'Add `slo` to the spec, for all servers or for one.',
  },
  unit: 'short',
  queries: [query(`count(${chosen(slo('availabilityObjective'))})`, 'servers')],
  emptyWhen: [NO_OBJECTIVE],
});

export const UNAVAILABLE_NOW = stat({
  id: 'unavailable-now',
  title: 'Unavailable Now (count)',
  text: {
    shows:
      'Servers that do not answer just now, as the objective counts it: the exporter runs and gets no answer.',
    normal: '0',
    action: '`pgmon check` names the hop that fails: network, login or permissions.',
  },
  unit: 'short',
  queries: [query(`sum(${chosen(slo('unavailable'))})`, 'unavailable')],
  thresholds: anyIsBad('critical'),
  alert: 'PostgreSQLAvailabilityBurnFast',
  emptyWhen: [NO_OBJECTIVE],
});

export const LEAST_AVAILABILITY_BUDGET = stat({
  id: 'least-availability-budget',
  title: 'Least Availability Budget (%)',
  text: {
    shows:
      'What is left of the time that a server may be unavailable, for the server with the least. Counted every half hour.',
    normal: 'Above 25 %. Below 0 % the objective is missed.',
    action: 'With little left, put risky changes off until older outages leave the window.',
  },
  unit: 'percentunit',
  decimals: 1,
  queries: [query(`min(${chosen(slo('availabilityBudgetLeft'))})`, 'left')],
  thresholds: lowIsBad(0, 0.25),
  emptyWhen: [NO_OBJECTIVE, BUDGET_NOT_COUNTED],
  alert: 'PostgreSQLAvailabilityBurnSlow',
});

export const OBJECTIVES_MISSED = stat({
  id: 'objectives-missed',
  title: 'Objectives Missed (count)',
  text: {
    shows: 'Servers whose budget for availability is used up.',
    normal: '0',
    action: 'Find out what cost the most: outages that were planned count too.',
  },
  unit: 'short',
  queries: [
    query(
      `count(${chosen(`${slo('availabilityBudgetLeft')} <= 0`)}) or count(${chosen(slo('availabilityObjective'))}) * 0`,
      'missed',
    ),
  ],
  thresholds: anyIsBad('critical'),
  emptyWhen: [NO_OBJECTIVE],
});

export const FASTEST_AVAILABILITY_BURN = stat({
  id: 'fastest-availability-burn',
  title: 'Availability Burn, 1 h (times)',
  text: {
    shows:
      'How many times faster than allowed the fastest server used up its availability budget in the last hour.',
    normal: '0. At 1 the budget just lasts; at 14.4 (for 30 days) somebody is paged.',
    action: 'Above 1 a server is or was down: see the table.',
  },
  unit: 'short',
  decimals: 1,
  queries: [query(`max(${chosen(availabilityBurn('1h'))})`, 'times')],
  thresholds: highIsBad(1, 14.4),
  alert: 'PostgreSQLAvailabilityBurnFast',
  emptyWhen: [NO_OBJECTIVE],
});

export const LEAST_LATENCY_BUDGET = stat({
  id: 'least-latency-budget',
  title: 'Least Latency Budget (%)',
  text: {
    shows:
      'What is left of the calls that may be in slow statements, for the server with the least. Counted every half hour.',
    normal: 'Above 25 %. Below 0 % the objective is missed.',
    action: 'On 04-Queries look for statements whose mean time is above the threshold.',
  },
  unit: 'percentunit',
  decimals: 1,
  queries: [query(`min(${chosen(slo('latencyBudgetLeft'))})`, 'left')],
  thresholds: lowIsBad(0, 0.25),
  emptyWhen: [...NO_LATENCY, BUDGET_NOT_COUNTED],
  alert: 'PostgreSQLLatencyBurnSlow',
});

export const FASTEST_LATENCY_BURN = stat({
  id: 'fastest-latency-burn',
  title: 'Latency Burn, 1 h (times)',
  text: {
    shows:
      'How many times faster than allowed calls were in slow statements in the last hour, for the worst server.',
    normal: 'Below 1. At 14.4 (for 30 days) somebody is paged.',
    action: 'On 04-Queries look for a statement that has become slow: a changed plan, locks, or disks.',
  },
  unit: 'short',
  decimals: 1,
  queries: [query(`max(${chosen(latencyBurn('1h'))})`, 'times')],
  thresholds: highIsBad(1, 14.4),
  emptyWhen: NO_LATENCY,
  alert: 'PostgreSQLLatencyBurnFast',
});

export const SLOW_CALLS_NOW = stat({
  id: 'slow-calls-now',
  title: 'Calls in Slow Statements (%)',
  text: {
    shows:
      'Share of the calls of the last hour that were in statements whose mean time was above the threshold, for the worst server. It is not a percentile: PostgreSQL keeps no histogram of times.',
    normal: 'Below what the objective leaves: 1 % for an objective of 99 %.',
    action: 'On 04-Queries look for statements whose mean time is above the threshold.',
  },
  unit: 'percentunit',
  decimals: 2,
  queries: [query(`max(${chosen(slowCalls('1h'))})`, 'slow')],
  emptyWhen: NO_LATENCY,
});
