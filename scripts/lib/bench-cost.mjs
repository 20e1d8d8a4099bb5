// What collection costs a server: real PostgreSQL, and the exporters of a real stack with the flags that pgmon renders.
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { SERVER, startServer, tablesSql } from './bench-server.mjs';
import { docker, eventually, sleep } from './bench-world.mjs';
import { median } from './measure.mjs';
import { say } from './run.mjs';

const ROLE = 'pgmon';
const ROUNDS = 10;
const SECONDS_PER_DAY = 86_400;

const databases = (count) => Array.from({ length: count - 1 }, (_, i) => `app_${i + 2}`);

/** Each is filled after the stack is up; the database `app` is there already. */
const SERVERS = [
  {
    name: 'small: 1 database, 10 tables',
    goal: 40,
    fill: (server) => server.sql(tablesSql(10)),
  },
  {
    name: '50 databases, 10 tables each',
    fill: async (server) => {
      await server.sql(tablesSql(10));
      for (const database of databases(50)) {
        await server.sql(`CREATE DATABASE ${database}`);
        await server.sql(tablesSql(10), database);
      }
    },
  },
  {
    name: '1 database, 2,000 tables',
    fill: (server) => server.sql(tablesSql(2000, { rows: 20 })),
  },
];

/** Statements that the monitoring role has run so far, and the milliseconds that they took. */
async function statements(server) {
  const [[calls, ms]] = await server.sql(
    `SELECT coalesce(sum(calls), 0), coalesce(sum(total_exec_time), 0) FROM pg_stat_statements WHERE userid = '${ROLE}'::regrole`,
  );
  return { calls: Number(calls), ms: Number(ms) };
}

const total = (numbers) => numbers.reduce((sum, one) => sum + one, 0);
const samplesOf = (text) => text.split('\n').filter((line) => line !== '' && !line.startsWith('#')).length;

/** Ten scrapes one after the other while Prometheus is paused: statements and samples of each, milliseconds of the median. */
async function scrape(server, url) {
  await server.fetchInside([url]);
  const before = await statements(server);
  const { ms, text } = (await server.fetchInside([url], ROUNDS))[url];
  const after = await statements(server);
  return {
    ms: median(ms),
    samples: samplesOf(text),
    statements: (after.calls - before.calls) / ROUNDS,
    serverMs: (after.ms - before.ms) / ROUNDS,
  };
}

/**
 * A second SQL exporter next to the stack's own, which remembers nothing of these scopes and everything of the others, so
 * that each scrape asks the same. Resolves to its URL.
 */
async function startForgetful(server, { port, scopes }) {
  const dir = path.join(server.dir, '.pgmon', server.name, 'sql-exporter');
  const { default: config } = await import(pathToFileURL(path.join(dir, 'config.mjs')).href);
  const queries = config.queries.map((query) => ({
    ...query,
    intervalSeconds: scopes.includes(query.scope) ? 0.001 : SECONDS_PER_DAY,
  }));
  const file = `bench-${port}.mjs`;
  await writeFile(path.join(dir, file), `export default ${JSON.stringify({ ...config, port, queries })};\n`, {
    mode: 0o644,
  });
  const program = ['node', '--max-old-space-size=115', '/etc/pgmon/sql-exporter.mjs', `/etc/pgmon/${file}`];
  await docker(['exec', '-d', `${server.name}-client`, ...program]);
  await eventually('the second SQL exporter', 20_000, () =>
    server.fetchInside([`http://127.0.0.1:${port}/healthz`]),
  );
  return `http://127.0.0.1:${port}/probe?server=${SERVER}`;
}

/** A scrape of each job by itself, while nothing else asks the server. */
async function scrapeEach(server) {
  const targets = await server.targets();
  const urlOf = (wanted) => targets.find(({ job }) => job === wanted).url;
  const prometheus = server.container('prometheus');
  await docker(['pause', prometheus]);
  try {
    return {
      postgresql: await scrape(server, urlOf('postgresql')),
      'postgresql-slow': await scrape(server, urlOf('postgresql-slow')),
      'postgresql-sql': await scrape(
        server,
        await startForgetful(server, { port: 9401, scopes: ['server'] }),
      ),
      'postgresql-sql, tables too': await scrape(
        server,
        await startForgetful(server, { port: 9402, scopes: ['server', 'database'] }),
      ),
    };
  } finally {
    await docker(['unpause', prometheus]);
  }
}

/** The exporter as it is without flags, asked the same way: what pgmon's choice of collectors is measured against. */
async function scrapeDefault(server) {
  const [{ Mounts, Image }] = JSON.parse(await docker(['inspect', server.container('postgres-exporter')]));
  const name = `${server.name}-default`;
  const mounts = Mounts.flatMap(({ Source, Destination }) => ['-v', `${Source}:${Destination}:ro`]);
  const network = ['--network', `${server.name}_default`, '--network-alias', 'exporter-default'];
  const config = '--config.file=/run/secrets/postgres_exporter.yml';
  await docker(['run', '-d', '--name', name, ...network, ...mounts, Image, config]);
  try {
    const { url } = (await server.targets()).find(({ job }) => job === 'postgresql');
    const own = url.replace('//postgres-exporter:', '//exporter-default:');
    await eventually("the exporter's own defaults", 20_000, () => server.fetchInside([own]));
    return await scrape(server, own);
  } finally {
    await docker(['rm', '-f', '-v', name]);
  }
}

/** Samples that Prometheus stores for the server in a day: of its three jobs and of the rules. */
async function samplesPerDay(server) {
  const perDay = (samples, intervalSeconds) => (Number(samples) * SECONDS_PER_DAY) / intervalSeconds;
  const intervals = new Map((await server.targets()).map((target) => [target.job, target.intervalSeconds]));
  const scraped = await server.prometheus.query(
    `count by (job) ({instance="${SERVER}", job=~"postgresql.*"})`,
  );
  const groups = (await server.prometheus.ask('rules')).groups;
  const ofRules = new Map(groups.map(({ name, interval }) => [name, interval]));
  const made = await server.prometheus.query('prometheus_rule_group_last_evaluation_samples');
  return (
    total(scraped.map(({ metric, value }) => perDay(value[1], intervals.get(metric.job)))) +
    total(made.map(({ metric, value }) => perDay(value[1], ofRules.get(metric.rule_group.split(';')[1]))))
  );
}

/** What the server really runs while Prometheus scrapes it for so long, and what that makes. */
async function watchServer(server, seconds) {
  const before = await statements(server);
  const beganMs = Date.now();
  await sleep(seconds * 1000);
  const after = await statements(server);
  const minutes = (Date.now() - beganMs) / 60_000;
  return {
    perMinute: (after.calls - before.calls) / minutes,
    serverMsPerMinute: (after.ms - before.ms) / minutes,
    series: await server.prometheus.value(`count({instance="${SERVER}"})`),
    samplesPerDay: await samplesPerDay(server),
  };
}

/** Figures of each kind of server. Scrapes are timed on one stack at a time; then all of them run for so many seconds. */
export async function measureCost({ dir, name, images, watchSeconds }) {
  const servers = [];
  try {
    for (const [i, kind] of SERVERS.entries()) {
      say(`cost: ${kind.name}`);
      const server = await startServer({
        dir: path.join(dir, `cost-${i}`),
        name: `${name}-${i}`,
        firstPort: 22_700 + i * 10,
        images,
        parts: { nodeExporter: { enabled: false }, alertmanager: { enabled: false } },
      });
      servers.push({ kind, server });
      await kind.fill(server);
      await server.sql('ANALYZE');
      servers[i].scrapes = await scrapeEach(server);
      servers[i].byDefault = await scrapeDefault(server);
    }
    say(`cost: all of them for ${watchSeconds} s`);
    // The first scrapes after the rest see what the fixture has made.
    await sleep(60_000);
    const watched = await Promise.all(servers.map(({ server }) => watchServer(server, watchSeconds)));
    return servers.map(({ kind: { name: kind, goal = null }, scrapes, byDefault }, i) => ({
      kind,
      goal,
      scrapes,
      byDefault,
      ...watched[i],
    }));
  } finally {
    for (const { server } of servers) await server.remove();
  }
}
