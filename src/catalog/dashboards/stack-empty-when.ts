/** Reasons for which a panel about alerts, objectives or the monitoring itself may be empty. */
import { DELIVERY_NAMES, JOBS } from '../../conventions.ts';
import { SLO_SERIES } from '../slo/series.ts';
import type { EmptyWhen } from './empty-when.ts';

/** Inside the braces of `ALERTS`: every alert of the chosen servers but the one that always fires. */
export const CHOSEN_ALERTS = `alertname!="${DELIVERY_NAMES.watchdog}", environment=~"$environment", instance=~"$instance"`;

export const NOTHING_FIRES: EmptyWhen = {
  reason: 'no alert fires',
  holds: `absent(ALERTS{${CHOSEN_ALERTS}, alertstate="firing"})`,
};

export const NO_ALERT_IN_RANGE: EmptyWhen = {
  reason: 'no alert fired or was pending in the selected time',
  holds: `absent_over_time(ALERTS{${CHOSEN_ALERTS}}[$__range])`,
};

export const NO_ALERTMANAGER: EmptyWhen = {
  reason: 'the stack has no Alertmanager',
  holds: `absent(up{job="${JOBS.alertmanager}"})`,
};

export const NO_RECEIVER: EmptyWhen = {
  reason: 'Alertmanager has no receiver that notifies anybody',
  holds: 'max(alertmanager_integrations) == 0',
};

export const NO_OBJECTIVE: EmptyWhen = {
  reason: 'no chosen server has an objective (slo)',
  holds: `absent(${SLO_SERIES.availabilityObjective}{instance=~"$instance"})`,
};

export const NO_LATENCY_OBJECTIVE: EmptyWhen = {
  reason: 'no chosen server has a latency objective (slo.queryLatencyMs)',
  holds: `absent(${SLO_SERIES.latencyObjective}{instance=~"$instance"})`,
};

/** The windows of days are made of half hours. */
export const BUDGET_NOT_COUNTED: EmptyWhen = {
  reason: 'budgets are counted every half hour, and none is over yet',
  holds: `absent_over_time(${SLO_SERIES.unavailableHalfHour}{instance=~"$instance"}[1d] offset 5m)`,
  mayHaveData: true,
};

export const FEW_CALLS: EmptyWhen = {
  reason: 'too few calls in an hour to say anything',
  holds: `max(avg_over_time(${SLO_SERIES.calls}{instance=~"$instance"}[1h])) * 3600 < 100`,
  mayHaveData: true,
};

/** Every collector said that it works, and no query said that it does not. */
export const NOTHING_FAILS: EmptyWhen = {
  reason: 'every collector and every query works',
  holds:
    'min(pg_scrape_collector_success{environment=~"$environment", instance=~"$instance"}) == 1' +
    ' unless on () min(pgmon_sql_query_success{environment=~"$environment", instance=~"$instance"}) == 0',
};
