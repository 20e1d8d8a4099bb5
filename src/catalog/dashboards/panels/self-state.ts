/** The monitoring in numbers: is everything there, and has Prometheus room. */
import { query, stat } from '../house-look.ts';
import { anyIsBad, highIsBad } from '../thresholds.ts';
import { OF_FLEET } from './scopes.ts';

export const TARGETS_DOWN = stat({
  id: 'targets-down',
  title: 'Targets Down (count)',
  text: {
    shows:
      'Targets of the whole stack that Prometheus got no metrics from. A server that is down counts once for each job that asks it and does not answer.',
    normal: '0',
    action: 'The table below says which job. `pgmon status` names target and error.',
  },
  unit: 'short',
  queries: [query('count(up) - sum(up)', 'down')],
  thresholds: anyIsBad('critical'),
  alert: 'ScrapeTargetDown',
});

export const FAILING_PARTS = stat({
  id: 'failing-parts',
  title: 'Failing Collectors (count)',
  text: {
    shows:
      'Collectors of the exporters and queries of the SQL exporter that fail on the chosen servers, each counted once per server and database.',
    normal: '0',
    action: 'The table below names them. Most often the monitoring role lacks a right: see docs/role.md.',
  },
  unit: 'short',
  queries: [
    query(
      `count(pg_scrape_collector_success{${OF_FLEET}} == 0 or pgmon_sql_query_success{${OF_FLEET}} == 0) or count(pg_scrape_collector_success{${OF_FLEET}}) * 0`,
      'failing',
      { everySeconds: 60 },
    ),
  ],
  thresholds: anyIsBad('warning'),
});

export const SERIES = stat({
  id: 'series',
  title: 'Series in Memory (count)',
  text: {
    shows: 'Series that Prometheus holds in memory. Each takes a few kilobytes.',
    normal: 'Level: some hundreds per server.',
    action:
      'If it only grows, a label takes ever new values. Ask Prometheus for the metric: topk(10, count by (__name__) ({__name__=~".+"})).',
  },
  unit: 'short',
  queries: [query('max(prometheus_tsdb_head_series)', 'series')],
  thresholds: highIsBad(1_000_000, 1_500_000),
  hasSparkline: true,
  alert: 'PrometheusTooManySeries',
});

export const SAMPLES = stat({
  id: 'samples',
  title: 'Samples Stored (per second)',
  text: {
    shows:
      'Samples per second that Prometheus stores; with retention and 1 to 2 bytes each they make its disk use.',
    normal: 'Level, in step with the number of servers.',
    action: 'To lower it raise `scrape.interval` in the spec, or switch collectors off.',
  },
  unit: 'short',
  queries: [query('sum(rate(prometheus_tsdb_head_samples_appended_total[$__rate_interval]))', 'samples')],
  hasSparkline: true,
});

export const DISK_USED = stat({
  id: 'disk-used',
  title: 'Disk Used by Prometheus (bytes)',
  text: {
    shows: 'Stored blocks, the write-ahead log and what is mapped of the newest hours.',
    normal: 'Grows until the retention time is reached, then stays level.',
    action: 'Shorten `retention.time` or set `retention.size` in the spec.',
  },
  unit: 'bytes',
  queries: [
    query(
      'max(prometheus_tsdb_storage_blocks_bytes + prometheus_tsdb_wal_storage_size_bytes + prometheus_tsdb_head_chunks_storage_size_bytes)',
      'used',
    ),
  ],
});

export const STORAGE_FAILURES = stat({
  id: 'storage-failures',
  title: 'Storage Failures (count)',
  text: {
    shows:
      'Failed writes and compactions of the selected time, and damaged parts of the write-ahead log since the start.',
    normal: '0',
    action: 'The disk of Prometheus is full, slow or failing. Its log says which.',
  },
  unit: 'short',
  decimals: 0,
  queries: [
    query(
      'sum(increase(prometheus_tsdb_compactions_failed_total[$__range]) + increase(prometheus_tsdb_wal_writes_failed_total[$__range])' +
        ' + increase(prometheus_tsdb_wal_truncations_failed_total[$__range])) + max(prometheus_tsdb_wal_corruptions_total)',
      'failures',
    ),
  ],
  thresholds: anyIsBad('critical'),
  alert: 'PrometheusStorageFailing',
});

export const CONFIG_LOADED = stat({
  id: 'config-loaded',
  title: 'Configuration (state)',
  text: {
    shows: 'Whether Prometheus and Alertmanager run with the configuration that is on the disk.',
    normal: 'loaded',
    action: 'See the log of the service that refuses its file; `pgmon up` renders and loads it anew.',
  },
  unit: 'none',
  words: { 0: 'not loaded', 1: 'loaded' },
  queries: [
    query(
      'min(prometheus_config_last_reload_successful or alertmanager_config_last_reload_successful)',
      'configuration',
    ),
  ],
  thresholds: {
    steps: [
      { from: null, level: 'critical' },
      { from: 1, level: 'ok' },
    ],
  },
  alert: 'PrometheusConfigReloadFailed',
});

export const SLOWEST_RULES = stat({
  id: 'slowest-rules',
  title: 'Slowest Rules (% of interval)',
  text: {
    shows: 'Time that the last evaluation of the slowest rule group took, as a share of its interval.',
    normal: 'Below 20 %.',
    action: 'Near 100 % evaluations are left out and alerts come late: give Prometheus more processor time.',
  },
  unit: 'percentunit',
  decimals: 1,
  queries: [
    query(
      'max(prometheus_rule_group_last_duration_seconds / prometheus_rule_group_interval_seconds)',
      'used',
    ),
  ],
  thresholds: highIsBad(0.5, 0.9),
  alert: 'PrometheusRuleGroupSlow',
});
