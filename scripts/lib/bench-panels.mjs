// How long dashboards take with a thousand servers and a day of data: every query that Grafana sends to load one, with their
// texts from the catalogue, at a real Prometheus.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { realPages, removeWorld, renderFleet, startWorld } from './bench-fleet.mjs';
import { writeHistory } from './bench-history.mjs';
import { eventually, sleep } from './bench-world.mjs';
import { importSource } from './import-source.mjs';
import { root, say } from './run.mjs';

const DAY_SECONDS = 86_400;
/** 960 points of a day: as wide as a large chart. */
const STEP_SECONDS = 90;
const SCRAPE_SECONDS = 15;
/** What a browser opens at once to one Grafana. */
const QUERIES_AT_ONCE = 6;
const SERVER = 'server-1';

const isFleet = ({ variables }) => variables.some(({ name, isMulti }) => name === 'instance' && isMulti);

/** Switched-on events of the dashboard's file that Prometheus is asked for. */
async function annotationsOf({ slug }) {
  const file = path.join(root, 'templates/dashboards', `${slug}.json`);
  const { annotations } = JSON.parse(await readFile(file, 'utf8'));
  return annotations.list.filter(({ enable, expr }) => enable && typeof expr === 'string');
}

/** What loading the dashboard asks: variables in their order, then everything else at once. */
async function requestsOf(dashboard, host, { buildQuery, isOverTime }) {
  const chosen = {
    environment: null,
    instance: isFleet(dashboard) ? null : [SERVER],
    database: null,
    queryid: null,
    host: [host],
  };
  const endSeconds = Math.floor(Date.now() / 1000);
  const range = { startSeconds: endSeconds - DAY_SECONDS, endSeconds, stepSeconds: STEP_SECONDS };
  const choice = { chosen, range, scrapeIntervalSeconds: SCRAPE_SECONDS };
  const span = ({ startSeconds, endSeconds: end }) => ({ start: String(startSeconds), end: String(end) });
  const asked = (id, query, overTime) => {
    const { text, range: own } = buildQuery(query, choice);
    const parameters = overTime
      ? { query: text, ...span(own), step: String(own.stepSeconds) }
      : { query: text, time: String(endSeconds) };
    return { id, text, overTime, path: overTime ? 'query_range' : 'query', parameters };
  };
  const variables = dashboard.variables.map(({ name, series, valueLabel }) => {
    const { text } = buildQuery({ expr: series }, choice);
    const parameters = { 'match[]': text, ...span(range) };
    return {
      id: `variable ${name}`,
      text,
      overTime: false,
      path: `label/${valueLabel}/values`,
      parameters,
      isGet: true,
    };
  });
  const annotations = (await annotationsOf(dashboard)).map(({ name, expr }) =>
    asked(`event ${name}`, { expr, everySeconds: 60 }, true),
  );
  const panels = dashboard.rows.flatMap(({ panels: all }) =>
    all.flatMap((panel) =>
      panel.queries.map((query, i) =>
        asked(`${panel.id}${panel.queries.length > 1 ? ` (${i + 1})` : ''}`, query, isOverTime(panel)),
      ),
    ),
  );
  return { variables, others: [...annotations, ...panels] };
}

/** Milliseconds until the whole answer is there. */
async function timeRequest(base, { path: where, parameters, isGet, id }) {
  const body = new URLSearchParams(parameters);
  const began = performance.now();
  const response = await (isGet
    ? fetch(`${base}/${where}?${body}`)
    : fetch(`${base}/${where}`, { method: 'POST', body }));
  const text = await response.text();
  const ms = performance.now() - began;
  if (!response.ok) throw new Error(`${id}: HTTP ${response.status}: ${text.slice(0, 500)}`);
  return { id, ms, bytes: text.length, hasData: !/"(result|data)":\[\]/.test(text) };
}

async function loadOnce(base, { variables, others }) {
  const began = performance.now();
  const timed = [];
  for (const request of variables) timed.push(await timeRequest(base, request));
  const waiting = [...others];
  const work = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift())
      timed.push(await timeRequest(base, next));
  };
  await Promise.all(Array.from({ length: QUERIES_AT_ONCE }, work));
  return { ms: performance.now() - began, timed };
}

/** Names of metrics that a text speaks of, of those that Prometheus has. */
const namesIn = (text, known) => (text.match(/[a-zA-Z_:][\w:]*/g) ?? []).filter((name) => known.has(name));

/** Series to carry back: all of one server; of the others those that a query about many looks back at; what watches the stack. */
async function findSeries(prometheus, dashboards, tools, host) {
  const known = new Set(await prometheus.ask('label/__name__/values'));
  const [many, any] = [new Set(), new Set()];
  for (const dashboard of dashboards) {
    const { others } = await requestsOf(dashboard, host, tools);
    for (const { text, overTime } of others) {
      const names = namesIn(text, known);
      for (const name of names) any.add(name);
      if (isFleet(dashboard) && (overTime || text.includes('['))) for (const name of names) many.add(name);
    }
  }
  for (const name of ['ALERTS', 'ALERTS_FOR_STATE']) many.delete(name);
  const found = new Map();
  const add = async (selector) => {
    for (const one of await prometheus.query(selector)) found.set(JSON.stringify(one.metric), one);
  };
  await add(`{instance="${SERVER}", __name__!~"ALERTS.*"}`);
  for (const name of many) await add(`{__name__="${name}"}`);
  for (const name of any) await add(`{__name__="${name}", instance!~"server-.*", __name__!~"ALERTS.*"}`);
  return { found: [...found.values()], many: [...many].sort() };
}

/** Seconds between the samples of a series, as this Prometheus makes them. */
async function readIntervals(prometheus) {
  const seconds = (text) => Number.parseFloat(text) * (text.endsWith('m') ? 60 : 1);
  const jobs = new Map(
    (await prometheus.ask('targets?state=active')).activeTargets.map(({ labels, scrapeInterval }) => [
      labels.job,
      seconds(scrapeInterval),
    ]),
  );
  const records = new Map(
    (await prometheus.ask('rules?type=record')).groups.flatMap(({ interval, rules }) =>
      rules.map(({ name }) => [name, interval]),
    ),
  );
  return ({ __name__: name, job }) => records.get(name) ?? jobs.get(job) ?? 60;
}

/** New blocks are found once a minute and made into larger ones, which takes the processor away. */
async function waitForBlocks(prometheus) {
  await sleep(70_000);
  let seen = '';
  await eventually('blocks at rest', 300_000, async () => {
    const now = `${await prometheus.value('prometheus_tsdb_blocks_loaded')} ${await prometheus.value('prometheus_tsdb_compactions_total')}`;
    if (now === seen) return true;
    seen = now;
    await sleep(30_000);
    return null;
  });
}

/** For each dashboard: what loading it took in each round. */
export async function measurePanels({ dir, name, images, servers = 1000, rounds = 7, fillSeconds = 300, pages }) {
  const { DASHBOARDS: dashboards } = await importSource('src/catalog/dashboards/all-dashboards.ts');
  const tools = await importSource('src/panels/load-panel.ts');
  const texts = pages ?? (await realPages({ dir: path.join(dir, 'text'), name: `${name}-text`, images }));
  const prometheusDir = await renderFleet({
    dir: path.join(dir, 'panels'),
    name: 'fleet',
    count: servers,
    share: 1,
    images,
  });
  const history = path.join(dir, 'history');
  try {
    const endSeconds = Math.floor(Date.now() / 1000);
    const mounts = ['-v', `${history}:/history:ro`];
    const prometheus = await startWorld({ dir, name, pages: texts, prometheusDir, images, mounts });
    say(`panels: ${servers} servers, until they are all there`);
    const isFull = async () => (await prometheus.value('count(instance:pg_database_size_bytes:sum)')) === servers;
    await eventually('all servers', 600_000, async () => ((await isFull()) ? true : null));
    // Windows of five minutes are full then.
    await sleep(fillSeconds * 1000);
    const host = (await prometheus.query('node_uname_info'))[0].metric.instance;
    const { found, many } = await findSeries(prometheus, dashboards, tools, host);
    const metadata = await prometheus.ask('metadata?limit_per_metric=1');
    say(`panels: a day of ${found.length} series`);
    const past = await writeHistory({
      dir: history,
      mountedAt: '/history',
      container: `${name}-prometheus`,
      found,
      intervalOf: await readIntervals(prometheus),
      isCounter: (metric) => metadata[metric]?.[0]?.type === 'counter',
      servers: Array.from({ length: servers }, (_, i) => `server-${i + 1}`),
      startSeconds: endSeconds - DAY_SECONDS,
      endSeconds,
    });
    await waitForBlocks(prometheus);
    const results = [];
    for (const dashboard of dashboards) {
      const runs = [];
      // The first one is not counted: what it reads comes from the disk.
      for (let round = 0; round <= rounds; round += 1) {
        const requests = await requestsOf(dashboard, host, tools);
        const run = await loadOnce(prometheus.base, requests);
        if (round > 0) runs.push(run);
      }
      say(`panels: ${dashboard.title}`);
      results.push({ title: dashboard.title, isFleet: isFleet(dashboard), runs });
    }
    const sum = (expr) => prometheus.value(`sum(${expr})`);
    return {
      servers,
      rounds,
      past,
      many,
      dashboards: results,
      headSeries: await sum('prometheus_tsdb_head_series'),
      residentBytes: await sum('process_resident_memory_bytes{job="prometheus"}'),
      cores: await sum('rate(process_cpu_seconds_total{job="prometheus"}[2m])'),
    };
  } finally {
    if (!process.env.PGMON_BENCH_KEEP) await removeWorld(name);
  }
}
