// How long dashboards take, as Markdown.
import { bullets, count, fixed, table } from './bench-markdown.mjs';

const GOAL_SECONDS = 1;
const SLOWEST = 15;

/** The value below which this share of the values lies. */
function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)];
}

const seconds = (ms) => fixed(ms / 1000, ms < 100 ? 3 : 2);

function dashboardRow({ title, isFleet, runs }) {
  const walls = runs.map(({ ms }) => ms);
  const each = runs.flatMap(({ timed }) => timed.map(({ ms }) => ms));
  const empty = runs[0].timed.filter(({ hasData }) => !hasData).length;
  const p95 = quantile(each, 0.95);
  return [
    title,
    isFleet ? 'all' : 'one',
    `${runs[0].timed.length} (${empty})`,
    seconds(quantile(walls, 0.5)),
    seconds(quantile(walls, 0.95)),
    fixed(
      quantile(
        runs.map(({ cpuSeconds }) => cpuSeconds),
        0.5,
      ),
      2,
    ),
    seconds(quantile(each, 0.5)),
    `**${seconds(p95)}**`,
    seconds(Math.max(...each)),
    p95 < GOAL_SECONDS * 1000 ? 'yes' : 'no',
  ];
}

/** Times of each query over all rounds, the slowest median first. */
function slowestRows(dashboards) {
  const queries = new Map();
  for (const { title, runs } of dashboards) {
    for (const { id, ms, bytes } of runs.flatMap(({ timed }) => timed)) {
      const one = queries.get(`${title} ${id}`) ?? { title, id, bytes, times: [] };
      queries.set(`${title} ${id}`, { ...one, times: [...one.times, ms] });
    }
  }
  return [...queries.values()]
    .map((one) => ({ ...one, median: quantile(one.times, 0.5) }))
    .sort((a, b) => b.median - a.median)
    .slice(0, SLOWEST)
    .map(({ title, id, times, median, bytes }) => [
      title,
      id,
      seconds(median),
      seconds(Math.max(...times)),
      count(bytes / 1024),
    ]);
}

/** The section about dashboards; `conditions` are lines about machine and command. */
export function panelsSection({ servers, rounds, past, dashboards, ...prometheus }, conditions) {
  return [
    bullets([
      ...conditions,
      `a real Prometheus with the configuration and the rules that \`pgmon render\` writes for ${count(servers)} servers with objectives, ${count(prometheus.headSeries)} series in memory (${fixed(prometheus.residentBytes / 2 ** 30, 1)} GiB resident); it goes on scraping and evaluating all of them meanwhile, and the generated targets and this program run on the same processors`,
      `a day of data, as blocks that promtool made: ${count(past.series)} series, ${count(past.samples)} samples, at the intervals at which they really come. All series of one server; of the other servers what a query about many of them looks back at (${past.many.map((name) => `\`${name}\``).join(', ')}); an hour of an alert on every tenth server. What is only asked for now is in memory anyway`,
      'simplified: every server has the same databases, tables and statements (those of a small, loaded one), tables come every minute instead of every five, there are no replicas, and one machine with node_exporter',
      `a dashboard is loaded as Grafana does it: its variables one after the other, then the queries of all its panels and of the events that are switched on, six at once, over 24 hours, on a screen of 1,920 pixels (a chart of half the width has a point every 2 minutes: 720 points); those about many servers with All. Once unmeasured, then ${rounds} times. In parentheses: queries that returned nothing`,
      'seconds until the whole answer was read; `one query` says how long a panel waits, which is longer than Prometheus needs for it alone, since six run at once on two processors; `processor` says what Prometheus itself used while the dashboard was loaded, its scrapes and rules of that time among it: other programs add little to that',
    ]),
    table(
      [
        'dashboard',
        'servers',
        'queries',
        'whole, p50, s',
        'whole, p95, s',
        'processor, p50, s',
        'one query, p50, s',
        'one query, p95, s',
        'longest, s',
        `p95 below ${GOAL_SECONDS} s`,
      ],
      dashboards.map(dashboardRow),
    ),
    'The slowest queries:',
    table(['dashboard', 'panel', 'p50, s', 'longest, s', 'answer, KiB'], slowestRows(dashboards)),
  ].join('\n\n');
}
