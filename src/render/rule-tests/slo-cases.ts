/** What the SLO rules must do, moment by moment. The figures in the comments are the maths of the four windows. */
import { SLO_SERIES } from '../../catalog/slo/series.ts';
import type { AlertCheck, ExpressionCheck, PromtoolCase } from './promtool-file.ts';
import { answers, exporter, statement } from './slo-world.ts';

const fires = (alertname: string, instance: string, eval_time: string): ExpressionCheck => ({
  expr: `count(ALERTS{alertname="${alertname}",alertstate="firing",instance="${instance}"})`,
  eval_time,
  exp_samples: [{ labels: '{}', value: 1 }],
});

/** No alert of this name since the moment before, `over` long. */
const silent = (alertname: string, eval_time: string, over = '1s'): ExpressionCheck => ({
  expr: `count(last_over_time(ALERTS{alertname=~"${alertname}"}[${over}]))`,
  eval_time,
  exp_samples: [],
});

/** What the message says; the labels are the server's. The other annotations are put in by `slo-tests.ts`. */
const says = (alertname: string, eval_time: string, description: string): AlertCheck => ({
  alertname,
  eval_time,
  exp_alerts: [
    {
      exp_labels: { environment: 'prod', instance: 'orders' },
      exp_annotations: { description },
    },
  ],
});

const figure = (expr: string, eval_time: string, instance: string, value: number): ExpressionCheck => ({
  expr,
  eval_time,
  exp_samples: [{ labels: `{instance="${instance}"}`, value }],
});

const ANY = 'PostgreSQL(Availability|Latency)Burn.*';
const FAST = 'PostgreSQLAvailabilityBurnFast';
const SLOW = 'PostgreSQLAvailabilityBurnSlow';
const LATENCY_FAST = 'PostgreSQLLatencyBurnFast';
const LATENCY_SLOW = 'PostgreSQLLatencyBurnSlow';

const left = (series: string) => `round(${series}{instance="orders"}, 0.001)`;

/** Samples and evaluations every 30 seconds. */
export const QUICK_CASES: readonly PromtoolCase[] = [
  {
    // 14.4 x 0.1 % of an hour is 51.8 s, two samples of 30 s; 6 x 0.1 % of six hours is 129.6 s.
    name: 'an outage pages when two percent of the budget are gone within an hour, and is over half an hour after the repair',
    interval: '30s',
    input_series: [...answers('orders', '1x260', '1x119 0x5 1x140'), ...exporter('1x260')],
    alert_rule_test: [
      says(
        FAST,
        '62m',
        'orders was unavailable 41.67 times as much as its objective allows, over the last hour and 5 minutes, or over 6 hours and 30 minutes. Error budget left, counted every half hour: 99.71%.',
      ),
    ],
    promql_expr_test: [
      silent(ANY, '60m', '60m'),
      fires(FAST, 'orders', '60m30s'),
      fires(FAST, 'orders', '92m'),
      silent(FAST, '93m'),
      // Three minutes of 43.2 are gone.
      figure(left(SLO_SERIES.availabilityBudgetLeft), '130m', 'orders', 0.931),
      figure(`${SLO_SERIES.availabilityObjective}{instance="orders"} * 1`, '60m', 'orders', 0.999),
    ],
  },
  {
    name: 'half a minute without an answer is within the budget, also right after the start',
    interval: '30s',
    input_series: [...answers('orders', '1x260', '1x19 0 1x240'), ...exporter('1x260')],
    promql_expr_test: [
      figure(`${SLO_SERIES.unavailable}{instance="orders"} * 1`, '10m', 'orders', 1),
      silent(ANY, '130m', '130m'),
    ],
  },
  {
    name: 'an exporter that is down says nothing about the server',
    interval: '30s',
    input_series: [
      ...answers('orders', '1x119 0x59 1x60', '1x119 stale _x58 1x60'),
      ...exporter('1x119 0x59 1x60'),
    ],
    promql_expr_test: [
      figure(`${SLO_SERIES.unavailable}{instance="orders"} * 1`, '75m', 'orders', 0),
      silent(ANY, '119m', '119m'),
    ],
  },
  {
    name: 'a server that hangs and takes the whole scrape with it is down',
    interval: '30s',
    input_series: [...answers('orders', '1x119 0x9 1x100', '1x119 stale _x8 1x100'), ...exporter('1x260')],
    promql_expr_test: [silent(ANY, '60m', '60m'), fires(FAST, 'orders', '60m30s'), silent(FAST, '96m')],
  },
  {
    // Two percent of the budget of 7 days burn in an hour at 3.36: 3.36 x 0.5 % of an hour is 60.5 s, three samples.
    name: 'an objective over seven days has the burn rates of seven days',
    interval: '30s',
    input_series: [...answers('archive', '1x260', '1x119 0x5 1x140'), ...exporter('1x260')],
    promql_expr_test: [
      silent(ANY, '60m30s', '60m'),
      fires(FAST, 'archive', '61m'),
      figure(`${SLO_SERIES.windowDays}{instance="archive"} * 1`, '60m', 'archive', 7),
    ],
  },
  {
    name: 'healthy servers, some without a single call, are silent',
    interval: '30s',
    input_series: [
      ...['orders', 'archive', 'quiet'].flatMap((name) => answers(name, '1x300', '1x300')),
      ...exporter('1x300'),
      ...statement('orders', { calls: '0+500x300', seconds: '0+1x300' }),
      ...statement('quiet', { calls: '7x300', seconds: '9x300' }),
    ],
    promql_expr_test: [
      silent(ANY, '150m', '150m'),
      figure(left(SLO_SERIES.availabilityBudgetLeft), '150m', 'orders', 1),
      figure(left(SLO_SERIES.latencyBudgetLeft), '150m', 'orders', 1),
    ],
  },
];

/** Samples and evaluations every five minutes. */
export const DAY_CASES: readonly PromtoolCase[] = [
  {
    // 3 x 0.1 % of a day is 259 s. The half hours take up to 30 minutes to tell; the six hour window ends it.
    name: 'five minutes of outage are worth a ticket, which ends with the six hour window',
    interval: '5m',
    input_series: answers('orders', '1x1000', '1x299 0 1x700'),
    alert_rule_test: [
      says(
        SLOW,
        '25h30m',
        'orders was unavailable 3.472 times as much as its objective allows, over the last day and 2 hours, or over 3 days and 6 hours. Error budget left, counted every half hour: 88.46%.',
      ),
    ],
    promql_expr_test: [
      silent(SLOW, '25h20m', '25h'),
      fires(SLOW, 'orders', '25h30m'),
      fires(SLOW, 'orders', '30h'),
      silent(SLOW, '31h5m'),
    ],
  },
  {
    name: 'two healthy days are silent',
    interval: '5m',
    input_series: answers('orders', '1x576', '1x576'),
    promql_expr_test: [silent(ANY, '48h', '48h')],
  },
];

const FAST_STATEMENT = statement('orders', { calls: '0+600x900', seconds: '0+1.2x900' });
/** 300 calls a minute of 5 ms; from minute 60 on of 200 ms, for the given minutes. */
const changing = (minutes: number) =>
  statement('orders', {
    queryid: '2',
    calls: '0+300x900',
    seconds: `0+1.5x59 90+60x${minutes - 1} ${90 + 60 * minutes}+1.5x600`,
  });

/** Samples and evaluations every minute. */
export const LATENCY_CASES: readonly PromtoolCase[] = [
  {
    // A third of the calls: 14.4 x 1 % of the calls of an hour are reached within 26 minutes.
    name: 'slow statements page when two percent of the budget are gone within an hour',
    interval: '1m',
    input_series: [...answers('orders', '1x900', '1x900'), ...FAST_STATEMENT, ...changing(40)],
    alert_rule_test: [
      says(
        LATENCY_FAST,
        '90m',
        'On orders, 16.67 times as many calls as the objective allows were in statements whose mean time was above it, over the last hour and 5 minutes, or over 6 hours and 30 minutes. Error budget left, counted every half hour: 98.71%.',
      ),
    ],
    promql_expr_test: [
      silent(LATENCY_FAST, '85m', '85m'),
      fires(LATENCY_FAST, 'orders', '87m'),
      silent(LATENCY_FAST, '110m'),
      figure(`${SLO_SERIES.latencyThreshold}{instance="orders"} * 1`, '60m', 'orders', 0.05),
      figure(`round(${SLO_SERIES.slowCalls}{instance="orders"}, 0.001)`, '80m', 'orders', 5),
      figure(`round(${SLO_SERIES.calls}{instance="orders"}, 0.001)`, '80m', 'orders', 15),
    ],
  },
  {
    // 3 x 1 % of the calls of a day: a third of the calls for 2 hours 10 minutes.
    name: 'slow statements are worth a ticket when a tenth of the budget is gone within a day',
    interval: '1m',
    input_series: [...answers('orders', '1x900', '1x900'), ...FAST_STATEMENT, ...changing(160)],
    alert_rule_test: [
      says(
        LATENCY_SLOW,
        '220m',
        'On orders, 3.47 times as many calls as the objective allows were in statements whose mean time was above it, over the last day and 2 hours, or over 3 days and 6 hours. Error budget left, counted every half hour: 88.43%.',
      ),
    ],
    promql_expr_test: [
      silent(LATENCY_SLOW, '185m', '185m'),
      fires(LATENCY_SLOW, 'orders', '220m'),
      silent(LATENCY_SLOW, '10h'),
    ],
  },
  {
    name: "neither a handful of slow calls nor the monitoring's own ones count",
    interval: '1m',
    input_series: [
      ...answers('orders', '1x900', '1x900'),
      ...answers('quiet', '1x900', '1x900'),
      ...FAST_STATEMENT,
      ...statement('orders', { user: 'pgmon', queryid: '9', calls: '0+900x900', seconds: '0+900x900' }),
      ...statement('quiet', { calls: '0+0.1x900', seconds: '0+3x900' }),
    ],
    promql_expr_test: [silent(ANY, '6h', '6h')],
  },
];
