// How long dashboards take with a thousand servers and a day of data: every query that Grafana sends to load one, with their
// texts from the catalogue, at a real Prometheus.
import { writeHistory } from './bench-history.mjs';
import { DAY_SECONDS, isFleet, requestsOf, SERVER } from './bench-panel-requests.mjs';
import { eventually, sleep } from './bench-world.mjs';
import { importSource } from './import-source.mjs';
import { say } from './run.mjs';

/** What a browser opens at once to one Grafana. */
const QUERIES_AT_ONCE = 6;

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
  const isOfFleet = ({ metric }) => metric.instance === 'server-2' && many.has(metric.__name__);
  return {
    found: [...found.values()],
    many: [...new Set([...found.values()].filter(isOfFleet).map(({ metric }) => metric.__name__))].sort(),
  };
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

/** Gives the fleet, which must have run for some minutes, a day that it did not see. */
async function makePast({ servers, prometheus, container, history, startedAt }, { found, many }) {
  const metadata = await prometheus.ask('metadata?limit_per_metric=1');
  say(`panels: a day of ${found.length} series`);
  const endSeconds = Math.floor(startedAt / 1000);
  const past = await writeHistory({
    ...history,
    container,
    found,
    intervalOf: await readIntervals(prometheus),
    isCounter: (metric) => metadata[metric]?.[0]?.type === 'counter',
    servers: Array.from({ length: servers }, (_, i) => `server-${i + 1}`),
    startSeconds: endSeconds - DAY_SECONDS,
    endSeconds,
  });
  await waitForBlocks(prometheus);
  return { ...past, many };
}

/** What loading each dashboard took in each round. */
async function loadDashboards(prometheus, rounds, requestsFor) {
  const results = [];
  for (const { dashboard, read } of requestsFor) {
    say(`panels: ${dashboard.title}`);
    const runs = [];
    // The first one is not counted: what it reads comes from the disk.
    for (let round = 0; round <= rounds; round += 1) {
      const requests = await read();
      const before = await prometheus.cpuSeconds();
      const run = await loadOnce(prometheus.base, requests);
      if (round > 0) runs.push({ ...run, cpuSeconds: (await prometheus.cpuSeconds()) - before });
    }
    results.push({ title: dashboard.title, isFleet: isFleet(dashboard), runs });
  }
  return results;
}

/** For each dashboard what loading it took in each round; `past` when the fleet has its day already. */
export async function measurePanels(fleet, { rounds, past = null }) {
  const { prometheus } = fleet;
  const { DASHBOARDS: dashboards } = await importSource('src/catalog/dashboards/all-dashboards.ts');
  const tools = await importSource('src/panels/load-panel.ts');
  const [machine] = await prometheus.query('node_uname_info');
  const host = machine.metric.instance;
  const made = past ?? (await makePast(fleet, await findSeries(prometheus, dashboards, tools, host)));
  const requestsFor = dashboards.map((dashboard) => ({
    dashboard,
    read: () => requestsOf(dashboard, host, tools),
  }));
  const sum = (expr) => prometheus.value(`sum(${expr})`);
  return {
    rounds,
    past: made,
    dashboards: await loadDashboards(prometheus, rounds, requestsFor),
    headSeries: await sum('prometheus_tsdb_head_series'),
    residentBytes: await sum('process_resident_memory_bytes{job="prometheus"}'),
  };
}
