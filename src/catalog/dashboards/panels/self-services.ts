/** What the stack's own services use, and how Prometheus keeps up. */
import { query, timeSeries } from '../house-look.ts';
import { highIsBad } from '../thresholds.ts';
import { highest, topLines } from './top.ts';

/** Each exporter, Prometheus, Alertmanager and Grafana tell what their own process uses. */
const byService = (expr: string) => query(expr, '{{instance}}');
const MEMORY = 'process_resident_memory_bytes';
const CPU = 'process_cpu_seconds_total';

const RULE_DURATION = 'prometheus_rule_group_last_duration_seconds';
const byGroup = (duration: string) =>
  `label_replace(${duration} / prometheus_rule_group_interval_seconds, "group", "$1", "rule_group", ".*;(.*)")`;

export const SERVICE_MEMORY = timeSeries({
  id: 'service-memory',
  title: 'Memory by Service (bytes)',
  text: {
    shows: 'Memory of the processes of the stack, by address; the 15 largest.',
    normal: 'Level. Exporters take tens of megabytes, Prometheus some kilobytes per series.',
    action: 'A service near the memory of its container is ended by the kernel: raise its limit in the spec.',
  },
  unit: 'bytes',
  min: 0,
  queries: [
    byService(topLines(15, `max by (instance) (${MEMORY})`, `max by (instance) (${highest(MEMORY)})`)),
  ],
  width: 8,
  height: 7,
});

export const SERVICE_CPU = timeSeries({
  id: 'service-cpu',
  title: 'Processor Time by Service (cores)',
  text: {
    shows:
      'Processor cores that each service of the stack keeps busy, the 15 busiest. The SQL exporter does not tell.',
    normal: 'Well below one core for a few hundred servers.',
    action: 'Prometheus at its limit: fewer series, a longer evaluation interval, or more processors.',
  },
  unit: 'short',
  min: 0,
  queries: [
    byService(
      topLines(
        15,
        `sum by (instance) (rate(${CPU}[$__rate_interval]))`,
        `sum by (instance) (increase(${CPU}[$__range] @ end()))`,
      ),
    ),
  ],
  width: 8,
  height: 7,
});

export const RULE_TIME = timeSeries({
  id: 'rule-time',
  title: 'Rule Groups by Time, the Ten Slowest (% of interval)',
  text: {
    shows: 'Time that an evaluation of a rule group takes, as a share of its interval.',
    normal: 'Below 20 %.',
    action:
      'Near 100 % evaluations are left out and alerts come late: more processor time or a longer interval.',
  },
  unit: 'percentunit',
  min: 0,
  queries: [query(topLines(10, byGroup(RULE_DURATION), byGroup(highest(RULE_DURATION))), '{{group}}')],
  width: 8,
  height: 7,
  thresholds: highIsBad(0.5, 0.9),
  alert: 'PrometheusRuleGroupSlow',
});

export const SERIES_OVER_TIME = timeSeries({
  id: 'series-over-time',
  title: 'Series in Memory and New Ones (count)',
  text: {
    shows: 'Series that Prometheus holds, and series that appear for the first time, per minute.',
    normal: 'Level; new ones appear with new sessions, statements and servers.',
    action:
      'New series without end come from a label with ever new values. Ask Prometheus for the metric: topk(10, count by (__name__) ({__name__=~".+"})).',
  },
  unit: 'short',
  min: 0,
  queries: [
    query('max(prometheus_tsdb_head_series)', 'in memory'),
    query('sum(rate(prometheus_tsdb_head_series_created_total[$__rate_interval])) * 60', 'new per minute'),
  ],
  width: 12,
  height: 6,
  alert: 'PrometheusTooManySeries',
});

export const PROMETHEUS_DISK = timeSeries({
  id: 'prometheus-disk',
  title: 'Disk of Prometheus (bytes)',
  text: {
    shows: 'Stored blocks, the write-ahead log and the mapped newest hours, one above the other.',
    normal: 'Grows until retention is reached; the write-ahead log is a saw of two hours.',
    action: 'Shorten `retention.time` or set `retention.size` in the spec before the disk is full.',
  },
  unit: 'bytes',
  min: 0,
  isStacked: true,
  queries: [
    query('max(prometheus_tsdb_storage_blocks_bytes)', 'blocks'),
    query('max(prometheus_tsdb_wal_storage_size_bytes)', 'write-ahead log'),
    query('max(prometheus_tsdb_head_chunks_storage_size_bytes)', 'newest hours'),
  ],
  width: 12,
  height: 6,
  alert: 'PrometheusStorageFailing',
});
