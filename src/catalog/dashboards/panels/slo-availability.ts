/** Availability: each server against its objective, and how fast budgets go. */
import { AVAILABILITY_RECORDINGS } from '../../slo/slo-recordings.ts';
import { DASHBOARD_UIDS } from '../dashboard.ts';
import { bars, query, table, timeSeries } from '../house-look.ts';
import { NO_OBJECTIVE } from '../stack-empty-when.ts';
import { highIsBad, lowIsBad } from '../thresholds.ts';
import { availabilityBurn, chosen, slo, unavailable, WINDOW_SECONDS } from './slo-expressions.ts';
import { highest, topLines } from './top.ts';

const BURN = highIsBad(1, 14.4);
const burn = (window: string, legend: string) =>
  query(chosen(availabilityBurn(window)), legend, { unit: 'short', thresholds: BURN });

export const AVAILABILITY_BY_SERVER = table({
  id: 'availability-by-server',
  title: 'Availability by Budget Left (%)',
  text: {
    shows:
      'Each server: its objective, the share of the selected time and of its window in which it answered, what is left of its budget, how long it was unavailable in the window, and how many times too fast the budget went over an hour, six hours and three days. Window and budget are counted every half hour.',
    normal: 'A budget well above 0 %, burn rates below 1.',
    action:
      'A high rate over an hour is going on now; a high rate over three days alone is slow decay: many short outages.',
  },
  unit: 'percentunit',
  decimals: 2,
  columns: [
    {
      label: 'instance',
      header: 'Server',
      link: { title: 'Overview', dashboard: DASHBOARD_UIDS.overview, variables: { instance: 'instance' } },
    },
  ],
  queries: [
    query(chosen(slo('availabilityBudgetLeft')), 'Budget left', { thresholds: lowIsBad(0, 0.25) }),
    query(chosen(slo('availabilityObjective')), 'Objective'),
    query(chosen(`1 - avg_over_time(${slo('unavailable')}[$__range])`), 'Answered, selected time'),
    query(chosen(`1 - ${unavailable('window')}`), 'Answered, window'),
    query(chosen(`${unavailable('window')} * on (instance) ${WINDOW_SECONDS}`), 'Unavailable, window', {
      unit: 's',
    }),
    burn('1h', 'Burn 1 h'),
    burn('6h', 'Burn 6 h'),
    burn('3d', 'Burn 3 d'),
  ],
  isAscending: true,
  height: 7,
  alert: 'PostgreSQLAvailabilityBurnFast',
  emptyWhen: [NO_OBJECTIVE],
});

export const AVAILABILITY_BURN = timeSeries({
  id: 'availability-burn',
  title: 'Availability Burn Rate, 1 h, the Ten Fastest (times)',
  text: {
    shows:
      'How many times faster than allowed the availability budget went, over the hour before each moment.',
    normal: '0. A peak is one outage.',
    action:
      'While it stays above 14.4 (for a window of 30 days) a page is due; see 01-Overview of that server.',
  },
  unit: 'short',
  min: 0,
  queries: [
    query(
      availabilityBurn('1h', (ratio) => `(${topLines(10, ratio, chosen(availabilityBurn('1h', highest)))})`),
      '{{instance}}',
    ),
  ],
  width: 12,
  height: 6,
  thresholds: BURN,
  alert: 'PostgreSQLAvailabilityBurnFast',
  emptyWhen: [NO_OBJECTIVE],
});

const STEP = AVAILABILITY_RECORDINGS.intervalSeconds;

export const UNAVAILABLE_TIME = bars({
  id: 'unavailable-time',
  title: 'Unavailable in the Selected Time, the Ten Longest (s)',
  text: {
    shows: `How long each server did not answer in the selected time, in steps of ${STEP} seconds.`,
    normal: '0 s. 99.9 % of 30 days leaves 43 minutes.',
    action: 'Compare with restarts and deploys of that time: planned ones count too.',
  },
  unit: 's',
  queries: [
    query(`topk(10, ${chosen(`sum_over_time(${slo('unavailable')}[$__range]) * ${STEP}`)})`, '{{instance}}'),
  ],
  width: 12,
  height: 6,
  emptyWhen: [NO_OBJECTIVE],
});
