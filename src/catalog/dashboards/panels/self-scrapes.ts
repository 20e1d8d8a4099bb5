/** What the scrapes bring and cost: by job, by server, and what fails. */
import { NO_SQL_EXPORTER } from '../empty-when.ts';
import { bars, query, table, timeSeries } from '../house-look.ts';
import { NOTHING_FAILS } from '../stack-empty-when.ts';
import { anyIsBad, highIsBad } from '../thresholds.ts';
import { OF_FLEET } from './scopes.ts';
import { highest, topLines } from './top.ts';

export const TARGETS_BY_JOB = table({
  id: 'targets-by-job',
  title: 'Targets by Job (count)',
  text: {
    shows:
      'Each job of the stack: its targets, those that are down, the slowest scrape just now and the samples that all of them bring.',
    normal: 'None down, scrapes well below their timeout.',
    action: '`pgmon status` names each target that is down and its error.',
  },
  unit: 'short',
  columns: [{ label: 'job', header: 'Job' }],
  queries: [
    query('count by (job) (up)', 'Targets'),
    query('count by (job) (up) - sum by (job) (up)', 'Down', { thresholds: anyIsBad('critical') }),
    query('max by (job) (scrape_duration_seconds)', 'Slowest scrape', {
      unit: 's',
      thresholds: highIsBad(5, 10),
    }),
    query('sum by (job) (scrape_samples_scraped)', 'Samples'),
  ],
  sortBy: 1,
  width: 10,
  height: 8,
  alert: 'ScrapeTargetDown',
});

const DURATION = `instance:scrape_duration_seconds:max{${OF_FLEET}}`;

export const SCRAPE_DURATION = timeSeries({
  id: 'scrape-duration',
  title: 'Slowest Scrapes of Servers, the Ten Slowest (s)',
  text: {
    shows:
      'How long it took to ask a server, the slowest job of each; those that took longest in the selected time.',
    normal: 'Below a few seconds. The bars below say which query of the SQL exporter takes longest.',
    action:
      'A server that becomes slow to answer is itself slow, far away, or has very many tables or databases.',
  },
  unit: 's',
  min: 0,
  queries: [query(topLines(10, DURATION, highest(DURATION)), '{{instance}}', { everySeconds: 60 })],
  width: 14,
  height: 8,
  thresholds: highIsBad(5, 10),
});

const failing = (metric: string, part: string): string =>
  `label_replace(${metric}{${OF_FLEET}} == 0, "part", "$1", "${part}", "(.*)")`;

export const FAILING = table({
  id: 'failing',
  title: 'Failing Collectors and Queries (count)',
  text: {
    shows:
      'Collectors of postgres_exporter and queries of the SQL exporter that fail now, with the number of databases in which they do.',
    normal: 'Empty.',
    action:
      'The log of the exporter has the message of the server. Most often a right is missing: see docs/role.md.',
  },
  unit: 'short',
  columns: [
    { label: 'instance', header: 'Server' },
    { label: 'part', header: 'Collector or query' },
  ],
  queries: [
    query(
      `count by (instance, part) (${failing('pg_scrape_collector_success', 'collector')} or ${failing('pgmon_sql_query_success', 'query')})`,
      'Failing',
      { everySeconds: 60 },
    ),
  ],
  width: 8,
  height: 7,
  emptyWhen: [NOTHING_FAILS],
});

export const SLOWEST_SQL = bars({
  id: 'slowest-sql',
  title: 'Slowest Queries of the SQL Exporter (s)',
  text: {
    shows:
      'The last run of each query of the SQL exporter on the server where it took longest. Queries that run as one statement have one time.',
    normal: 'Below half a second; those that read tables and indexes take longest.',
    action:
      'If one takes long on every run, lower `sqlExporter.topTables` or `sqlExporter.maxDatabases`, or raise `scrape.slowInterval`.',
  },
  unit: 's',
  queries: [
    query(`topk(10, max by (query) (pgmon_sql_query_duration_seconds{${OF_FLEET}}))`, '{{query}}', {
      everySeconds: 60,
    }),
  ],
  width: 8,
  height: 7,
  thresholds: highIsBad(2, 5),
  emptyWhen: [NO_SQL_EXPORTER],
});

const COST = `instance:scrape_duration_seconds:ratio10m{${OF_FLEET}}`;

export const COST_ON_SERVERS = timeSeries({
  id: 'cost-on-servers',
  title: 'Time in Which Servers Are Asked, the Ten Highest (%)',
  text: {
    shows: `Share of the last ten minutes in which a scrape of the server ran, all jobs together: the most that monitoring can cost it, network included.`,
    normal: 'Below 2 %.',
    action:
      'Ask less often (`scrape.interval`, `scrape.slowInterval`), or see the bars beside for what takes longest.',
  },
  unit: 'percentunit',
  min: 0,
  queries: [query(topLines(10, COST, highest(COST)), '{{instance}}', { everySeconds: 60 })],
  width: 8,
  height: 7,
  thresholds: highIsBad(0.05, 0.2),
});
