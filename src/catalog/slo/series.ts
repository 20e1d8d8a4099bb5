/** Names of the series that the SLO rules record; dashboards and alerts use the same. One series per server each. */

export const SLO_SERIES = {
  /** Days over which the server's objectives count. */
  windowDays: 'instance:pgmon_slo_window:days',
  /** Unix time from which the server is watched; what was before counts as kept. */
  started: 'instance:pgmon_slo_started:timestamp_seconds',
  availabilityObjective: 'instance:pgmon_slo_availability:objective_ratio',
  availabilityBudgetLeft: 'instance:pgmon_slo_availability:budget_left_ratio',
  /** 1 = the server does not answer, 0 = it does or nobody can tell. */
  unavailable: 'instance:pgmon_slo_unavailable:bool',
  /** One value every half hour, for the windows of days: only for range selectors. */
  unavailableHalfHour: 'instance:pgmon_slo_unavailable_half_hour:ratio30m',
  latencyObjective: 'instance:pgmon_slo_latency:objective_ratio',
  latencyThreshold: 'instance:pgmon_slo_latency:threshold_seconds',
  latencyBudgetLeft: 'instance:pgmon_slo_latency:budget_left_ratio',
  /** Calls a second of the statements that the exporter tells. */
  calls: 'instance:pgmon_slo_statement_calls:rate5m',
  /** Those of them in statements whose mean time was above the threshold. */
  slowCalls: 'instance:pgmon_slo_slow_statement_calls:rate5m',
  callsHalfHour: 'instance:pgmon_slo_statement_calls_half_hour:rate30m',
  slowCallsHalfHour: 'instance:pgmon_slo_slow_statement_calls_half_hour:rate30m',
} as const;

/** Share of the time in which the server did not answer, 0 to 1; `window` is `5m` … `3d`, or `window` for the objective's own. */
export const unavailableRatio = (window: string): string => `instance:pgmon_slo_unavailable:ratio_${window}`;

/** Share of the calls that were in slow statements, 0 to 1; absent below MIN_CALLS. */
export const slowCallsRatio = (window: string): string =>
  `instance:pgmon_slo_slow_statement_calls:ratio_${window}`;

/** Fewer calls in a window say nothing about it. */
export const MIN_CALLS = 100;
