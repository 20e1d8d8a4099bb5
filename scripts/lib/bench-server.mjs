// A small real stack of pgmon's own with a PostgreSQL to measure on, and how to scrape it as its Prometheus does.
import { mkdir, writeFile } from 'node:fs/promises';
import { stringify } from 'yaml';
import { createPrometheus, docker, eventually, pgmon } from './bench-world.mjs';

export const SERVER = 'bench';
/** The jobs that ask servers. */
export const JOBS = ['postgresql', 'postgresql-slow', 'postgresql-sql'];

/** Runs inside the stack's network: fetches each URL so many times and prints times and the last text. */
const FETCHER = `
const { urls, rounds } = REQUEST;
const results = {};
for (const url of urls) {
  const ms = [];
  let text = '';
  for (let i = 0; i < rounds; i += 1) {
    const began = performance.now();
    const response = await fetch(url, { headers: { 'x-prometheus-scrape-timeout-seconds': '30' } });
    text = await response.text();
    ms.push(performance.now() - began);
    if (!response.ok) throw new Error(url + ' answered ' + response.status);
  }
  results[url] = { ms, text };
}
process.stdout.write(JSON.stringify(results));
`;

/** A container in the stack's network with Node and the SQL exporter's files, and without its limits. */
async function startClient(name, sqlExporter) {
  const [{ Image }] = JSON.parse(await docker(['inspect', sqlExporter]));
  const run = ['run', '-d', '--init', '--name', `${name}-client`, '--network', `${name}_default`];
  const idle = ['-e', 'setInterval(() => {}, 1e6)'];
  await docker([
    ...run,
    '--volumes-from',
    sqlExporter,
    '--user',
    'node',
    '--entrypoint',
    'node',
    Image,
    ...idle,
  ]);
}

/** Resolves to a stack that serves. `parts` goes into the spec; ports lie above `firstPort`. */
export async function startServer({ dir, name, firstPort, images, workload, parts = {} }) {
  await mkdir(dir, { recursive: true });
  const ports = ['prometheus', 'postgresExporter', 'sqlExporter', 'nodeExporter', 'alertmanager'];
  const spec = {
    apiVersion: 'pgmon/v1',
    name,
    servers: [
      { name: SERVER, bundled: { database: 'app', disposable: true, ...(workload && { workload }) } },
    ],
    grafana: { enabled: false },
    ...(Object.keys(images).length > 0 && { images }),
  };
  for (const [i, part] of ports.entries()) spec[part] = { port: firstPort + i, ...parts[part] };
  await writeFile(`${dir}/pgmon.yaml`, stringify(spec));
  const container = (service) => `${name}-${service}-1`;
  const server = {
    name,
    dir,
    container,
    prometheus: createPrometheus(firstPort),
    /** Runs SQL as the superuser; rows as arrays of texts. */
    sql: async (text, database = 'app') => {
      const args = ['exec', '-i', container('postgres'), 'psql', '-U', 'postgres', '-d', database];
      const out = await docker([...args, '-v', 'ON_ERROR_STOP=1', '-qAt', '-F', '\t', '-f', '-'], {
        input: text,
      });
      return out.split('\n').flatMap((line) => (line === '' ? [] : [line.split('\t')]));
    },
    /** URL -> { ms, text }, fetched from inside the stack. */
    fetchInside: async (urls, rounds = 1) => {
      const program = FETCHER.replace('REQUEST', JSON.stringify({ urls, rounds }));
      const args = ['exec', '-i', `${name}-client`, 'node', '--input-type=module', '-'];
      return JSON.parse(await docker(args, { input: program }));
    },
    /** What Prometheus scrapes. */
    targets: async () =>
      (await server.prometheus.ask('targets?state=active')).activeTargets.map(
        ({ labels, scrapeUrl, scrapeInterval, health }) => ({
          job: labels.job,
          url: scrapeUrl,
          intervalSeconds: Number.parseFloat(scrapeInterval) * (scrapeInterval.endsWith('m') ? 60 : 1),
          health,
        }),
      ),
    remove: async () => {
      await docker(['rm', '-f', `${name}-client`]).catch(() => undefined);
      await pgmon(dir, 'down', '--volumes', '--yes', '--quiet').catch(() => undefined);
    },
  };
  try {
    await pgmon(dir, 'up', '--yes', '--quiet');
    await startClient(name, container('sql-exporter'));
    await eventually('all targets up', 120_000, async () => {
      const targets = await server.targets();
      // Those of the servers come from a file, a moment after the others.
      const isThere = JOBS.every((wanted) => targets.some(({ job }) => job === wanted));
      return isThere && targets.every(({ health }) => health === 'up') ? true : null;
    });
  } catch (error) {
    await server.remove();
    throw error;
  }
  return server;
}

/** Tables with an index and rows, and statements that an application would run on them. */
export function tablesSql(count, { rows = 200 } = {}) {
  return `
SELECT format('CREATE TABLE t%s (id bigserial PRIMARY KEY, name text, amount numeric, at timestamptz DEFAULT now())', i)
  FROM generate_series(1, ${count}) i \\gexec
SELECT format('INSERT INTO t%s (name, amount) SELECT md5(n::text), n FROM generate_series(1, ${rows}) n', i)
  FROM generate_series(1, ${count}) i \\gexec
SELECT format('SELECT count(*) FROM t%s WHERE id = 7', i) FROM generate_series(1, least(${count}, 25)) i \\gexec
SELECT format('UPDATE t%s SET amount = amount + 1 WHERE id = 7', i) FROM generate_series(1, least(${count}, 25)) i \\gexec
SELECT format('DELETE FROM t%s WHERE id = 9', i) FROM generate_series(1, least(${count}, 25)) i \\gexec
`;
}
