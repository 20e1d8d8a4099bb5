/** The alerts of the objectives: how fast the error budget goes, in two pairs of windows each. */
import { type AlertDefinition, defineAlert } from '../alerts/alert.ts';
import { BURN_WINDOWS, type BurnWindow, burnRate, DEFAULT_WINDOW_DAYS } from './burn-rates.ts';
import { SLO_SERIES, slowCallsRatio, unavailableRatio } from './series.ts';

export interface SloWindowChoice {
  readonly windowDays: number;
  /** False when the stack has objectives over other windows too: the rule then takes only its own servers. */
  readonly isOnly: boolean;
}

interface Objective {
  readonly ratio: (window: string) => string;
  readonly objective: string;
  readonly budgetLeft: string;
}

const AVAILABILITY: Objective = {
  ratio: unavailableRatio,
  objective: SLO_SERIES.availabilityObjective,
  budgetLeft: SLO_SERIES.availabilityBudgetLeft,
};
const LATENCY: Objective = {
  ratio: slowCallsRatio,
  objective: SLO_SERIES.latencyObjective,
  budgetLeft: SLO_SERIES.latencyBudgetLeft,
};

function burnExpression(
  { ratio, objective }: Objective,
  urgency: BurnWindow['urgency'],
  { windowDays, isOnly }: SloWindowChoice,
): string {
  const burn = (window: string) => `${ratio(window)} / on (instance) (1 - ${objective})`;
  // A window that is longer than the objective's own says nothing about it.
  const pairs = BURN_WINDOWS.filter(
    (one) => one.urgency === urgency && one.longSeconds <= windowDays * 86_400,
  ).map((one) => {
    const rate = burnRate(one, windowDays);
    return `(${burn(one.long)} > ${rate} and on (instance) ${burn(one.short)} > ${rate})`;
  });
  const all = pairs.join(' or ');
  return isOnly ? all : `(${all}) and on (instance) (${SLO_SERIES.windowDays} == ${windowDays})`;
}

/** Looked up when the message is written; engines without such a look-up leave it out. */
const budgetLeftText = ({ budgetLeft }: Objective): string =>
  `{{ with query (printf "${budgetLeft}{instance=%q}" $labels.instance) }} ` +
  'Error budget left, counted every half hour: {{ . | first | value | humanizePercentage }}.{{ end }}';

const WINDOWS_TEXT = {
  page: 'over the last hour and 5 minutes, or over 6 hours and 30 minutes',
  ticket: 'over the last day and 2 hours, or over 3 days and 6 hours',
} as const;

const AVAILABILITY_SQL =
  'SELECT pg_postmaster_start_time() AS started, now() - pg_postmaster_start_time() AS up_for, pg_is_in_recovery() AS is_replica;';
const LATENCY_SQL =
  'SELECT queryid, calls, round(mean_exec_time::numeric, 1) AS mean_ms, round(max_exec_time::numeric, 1) AS max_ms, ' +
  'left(query, 80) AS query FROM pg_stat_statements ORDER BY total_exec_time DESC LIMIT 20;';

function availabilityAlert(urgency: BurnWindow['urgency'], choice: SloWindowChoice): AlertDefinition {
  const isPage = urgency === 'page';
  return defineAlert({
    name: isPage ? 'PostgreSQLAvailabilityBurnFast' : 'PostgreSQLAvailabilityBurnSlow',
    scope: 'server',
    expr: burnExpression(AVAILABILITY, urgency, choice),
    severity: isPage ? 'critical' : 'warning',
    summary: `PostgreSQL server {{ $labels.instance }} uses up its availability budget ${isPage ? 'fast' : 'slowly but surely'}`,
    description:
      '{{ $labels.instance }} was unavailable {{ $value | humanize }} times as much as its objective allows, ' +
      `${WINDOWS_TEXT[urgency]}.${budgetLeftText(AVAILABILITY)}`,
    sql: AVAILABILITY_SQL,
    silentWhen: 'no server has an objective (`slo` in the spec)',
  });
}

function latencyAlert(urgency: BurnWindow['urgency'], choice: SloWindowChoice): AlertDefinition {
  const isPage = urgency === 'page';
  return defineAlert({
    name: isPage ? 'PostgreSQLLatencyBurnFast' : 'PostgreSQLLatencyBurnSlow',
    scope: 'server',
    expr: burnExpression(LATENCY, urgency, choice),
    severity: isPage ? 'critical' : 'warning',
    summary: `PostgreSQL server {{ $labels.instance }} uses up its latency budget ${isPage ? 'fast' : 'slowly but surely'}`,
    description:
      'On {{ $labels.instance }}, {{ $value | humanize }} times as many calls as the objective allows were in statements ' +
      `whose mean time was above it, ${WINDOWS_TEXT[urgency]}.${budgetLeftText(LATENCY)}`,
    sql: LATENCY_SQL,
    silentWhen: 'no server has a latency objective (`slo.queryLatencyMs`), or too few calls',
  });
}

/** Alerts about availability for objectives over this window. */
export function availabilityAlerts(choice: SloWindowChoice): readonly AlertDefinition[] {
  return [availabilityAlert('page', choice), availabilityAlert('ticket', choice)];
}

/** Alerts about latency for objectives over this window. */
export function latencyAlerts(choice: SloWindowChoice): readonly AlertDefinition[] {
  return [latencyAlert('page', choice), latencyAlert('ticket', choice)];
}

const CATALOGUE_CHOICE: SloWindowChoice = { windowDays: DEFAULT_WINDOW_DAYS, isOnly: true };

/** As they read for 30 days: for documents, and for checks of names. Which of them a stack has, `render/slo` decides. */
export const SLO_ALERTS: readonly AlertDefinition[] = [
  ...availabilityAlerts(CATALOGUE_CHOICE),
  ...latencyAlerts(CATALOGUE_CHOICE),
];

export const SLO_ALERT_NAMES: readonly string[] = SLO_ALERTS.map(({ name }) => name);
