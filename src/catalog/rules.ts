/** Recording and alerting rules as typed data. `{{ … }}` in annotations is Prometheus' own template language. */
import { JOBS } from '../conventions.ts';

export interface RecordingRule {
  readonly kind: 'recording';
  /** `level:metric:operations`. */
  readonly record: string;
  readonly expr: string;
}

export interface AlertingRule {
  readonly kind: 'alerting';
  readonly alert: string;
  readonly expr: string;
  /** Prometheus duration; null = fires at once. */
  readonly for: string | null;
  readonly severity: 'critical' | 'warning' | 'info' | 'none';
  readonly summary: string;
  readonly description: string;
}

export type Rule = RecordingRule | AlertingRule;

export interface RuleGroup {
  /** Also the file name below `prometheus/rules/`. */
  readonly name: string;
  readonly rules: readonly Rule[];
}

/** What the rules depend on. */
export interface RuleOptions {
  readonly hasAlertmanager: boolean;
}

const RECORDINGS: RuleGroup = {
  name: 'pgmon-recording',
  rules: [
    {
      kind: 'recording',
      record: 'instance:pg_stat_database_blks_hit:ratio_rate5m',
      expr:
        'sum by (instance) (rate(pg_stat_database_blks_hit[5m])) / ' +
        '(sum by (instance) (rate(pg_stat_database_blks_hit[5m]) + rate(pg_stat_database_blks_read[5m])) > 0)',
    },
    {
      kind: 'recording',
      record: 'instance:pg_stat_database_xact:sum_rate5m',
      expr: 'sum by (instance) (rate(pg_stat_database_xact_commit[5m]) + rate(pg_stat_database_xact_rollback[5m]))',
    },
  ],
};

const AVAILABILITY: RuleGroup = {
  name: 'pgmon-availability',
  rules: [
    {
      kind: 'alerting',
      alert: 'PostgreSQLDown',
      expr: `up{job="${JOBS.postgresql}"} == 0 or pg_up{job="${JOBS.postgresql}"} == 0`,
      for: '1m',
      severity: 'critical',
      summary: 'PostgreSQL server {{ $labels.instance }} does not answer',
      description:
        'The exporter could not query {{ $labels.instance }} for a minute: the server is down, hangs, refuses the login or cannot be reached.',
    },
  ],
};

const META: RuleGroup = {
  name: 'pgmon-meta',
  rules: [
    {
      kind: 'alerting',
      alert: 'Watchdog',
      expr: 'vector(1)',
      for: null,
      severity: 'none',
      summary: 'Alerting works',
      description:
        'This alert always fires. When it stops arriving, the path from rule to receiver is broken.',
    },
    {
      kind: 'alerting',
      alert: 'ScrapeTargetDown',
      expr: `up{job!="${JOBS.postgresql}"} == 0`,
      for: '2m',
      severity: 'warning',
      summary: 'Target {{ $labels.instance }} of job {{ $labels.job }} cannot be scraped',
      description:
        'Prometheus got no metrics from {{ $labels.instance }} (job {{ $labels.job }}) for two minutes.',
    },
    {
      kind: 'alerting',
      alert: 'PrometheusConfigReloadFailed',
      expr: 'prometheus_config_last_reload_successful == 0',
      for: '1m',
      severity: 'warning',
      summary: 'Prometheus {{ $labels.instance }} refused its new configuration',
      description:
        'Prometheus {{ $labels.instance }} keeps running with the old configuration; its log says why.',
    },
  ],
};

const ALERTMANAGER_META: RuleGroup = {
  name: 'pgmon-alertmanager',
  rules: [
    {
      kind: 'alerting',
      alert: 'AlertmanagerConfigReloadFailed',
      expr: 'alertmanager_config_last_reload_successful == 0',
      for: '1m',
      severity: 'warning',
      summary: 'Alertmanager {{ $labels.instance }} refused its new configuration',
      description:
        'Alertmanager {{ $labels.instance }} keeps running with the old configuration; its log says why.',
    },
  ],
};

/** The rule groups of a stack, sorted by name. */
export function ruleGroups(options: RuleOptions): readonly RuleGroup[] {
  return options.hasAlertmanager
    ? [ALERTMANAGER_META, AVAILABILITY, META, RECORDINGS]
    : [AVAILABILITY, META, RECORDINGS];
}
