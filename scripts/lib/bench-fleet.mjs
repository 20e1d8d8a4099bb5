// A fleet to measure rules on: the files that pgmon renders for many servers, a real Prometheus with them, and targets that
// answer with the text of a real, loaded server.
import { cp, mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { stringify } from 'yaml';
import { startServer, tablesSql } from './bench-server.mjs';
import { createPrometheus, docker, eventually, pgmon, sleep } from './bench-world.mjs';
import { root, say } from './run.mjs';

const LATENCY = { availability: 99.9, queryLatencyMs: 50 };
const TABLES = 20;
/** In Prometheus' container. */
const HISTORY = '/history';

/** "host/path" -> text of every target of a small loaded stack; the server's own name in it does not matter. */
export async function realPages({ dir, name, images }) {
  say('rules: the text of a real server');
  const workload = { clients: 4, rate: 100, scale: 5 };
  const server = await startServer({ dir, name, firstPort: 22_690, images, workload });
  try {
    await server.sql(tablesSql(TABLES, { rows: 20_000 }));
    const targets = (await server.targets()).filter(({ job }) => job !== 'prometheus');
    await sleep(60_000);
    // pgbench changes its few small tables faster than autoanalyze comes round; a thousand servers with that are not healthy.
    await docker(['stop', server.container('workload')]);
    await server.sql('ANALYZE');
    // It remembers tables for five minutes.
    await docker(['restart', server.container('sql-exporter')]);
    await sleep(3000);
    const fetched = await server.fetchInside(targets.map(({ url }) => url));
    return Object.fromEntries(
      Object.entries(fetched).map(([url, { text }]) => [
        `${new URL(url).hostname}${new URL(url).pathname}`,
        text,
      ]),
    );
  } finally {
    await server.remove();
  }
}

/** Directory with the rendered configuration of Prometheus; this share of the servers has objectives. */
async function renderFleet({ dir, name, count, share, images }) {
  await mkdir(dir, { recursive: true });
  const servers = Array.from({ length: count }, (_, i) => ({
    name: `server-${i + 1}`,
    host: `db${i + 1}.example.com`,
    password: { env: 'PGMON_BENCH_PASSWORD' },
    environment: 'prod',
    labels: { team: `team-${i % 20}` },
    ...(i < count * share && { slo: LATENCY }),
  }));
  const spec = {
    apiVersion: 'pgmon/v1',
    name,
    servers,
    grafana: { enabled: false },
    ...(images && { images }),
  };
  await writeFile(path.join(dir, 'pgmon.yaml'), stringify(spec));
  await pgmon(dir, 'render', '--quiet');
  return path.join(dir, '.pgmon', name, 'prometheus');
}

/** Targets and Prometheus, not yet ready. `history` is where Prometheus sees texts to make blocks of. */
async function startContainers({ dir, name, pages, prometheusDir, history, images }) {
  await writeFile(path.join(dir, 'pages.json'), JSON.stringify(pages));
  await cp(path.join(root, 'scripts/lib/bench-targets.mjs'), path.join(dir, 'targets.mjs'));
  await mkdir(history, { recursive: true });
  await docker(['network', 'create', name]);
  const network = ['run', '-d', '--network', name];
  const aliases = [
    'postgres-exporter',
    'postgres-exporter-slow',
    'sql-exporter',
    'alertmanager',
    'node-exporter',
  ];
  await docker([
    ...network,
    ...['--name', `${name}-targets`, '--entrypoint', 'node', '-v', `${dir}:/bench:ro`],
    ...aliases.flatMap((alias) => ['--network-alias', alias]),
    ...[images.sqlExporter, '/bench/targets.mjs', '/bench/pages.json'],
  ]);
  await docker([
    ...network,
    ...['--name', `${name}-prometheus`, '--network-alias', 'prometheus', '-p', '127.0.0.1:22680:9090'],
    ...['-v', `${prometheusDir}:/etc/prometheus:ro`, '-v', `${history}:${HISTORY}:ro`, images.prometheus],
    ...['--config.file=/etc/prometheus/prometheus.yml', '--storage.tsdb.path=/prometheus'],
  ]);
}

async function removeContainers(name) {
  await docker(['rm', '-f', '-v', `${name}-targets`, `${name}-prometheus`]).catch(() => undefined);
  await docker(['network', 'rm', name]).catch(() => undefined);
}

/** A Prometheus that watches this many servers, of which this share has objectives; ready, but with nothing in it yet. */
export async function startFleet({ dir, name, images, pages, servers, share }) {
  const render = (ofServers) =>
    renderFleet({
      dir: path.join(dir, `fleet-${ofServers}`),
      name: 'fleet',
      count: servers,
      share: ofServers,
      images,
    });
  const prometheusDir = path.join(dir, 'prometheus');
  const history = path.join(dir, 'history');
  const container = `${name}-prometheus`;
  const prometheus = createPrometheus(22_680);
  const remove = () => (process.env.PGMON_BENCH_KEEP ? undefined : removeContainers(name));
  const applied = { share };
  try {
    await cp(await render(share), prometheusDir, { recursive: true });
    await startContainers({ dir, name, pages, prometheusDir, history, images });
    await eventually('Prometheus ready', 180_000, () => prometheus.ask('rules'));
  } catch (error) {
    await remove();
    throw error;
  }
  return {
    servers,
    prometheus,
    container,
    history: { dir: history, mountedAt: HISTORY },
    startedAt: Date.now(),
    /** The rules of a fleet of which this share has objectives; null = no rules at all. Nothing happens when they are there. */
    applyRules: async (wanted) => {
      if (applied.share === wanted) return;
      applied.share = wanted;
      const rules = path.join(prometheusDir, 'rules');
      for (const file of await readdir(rules)) await writeFile(path.join(rules, file), 'groups: []\n');
      if (wanted !== null) await cp(path.join(await render(wanted), 'rules'), rules, { recursive: true });
      await docker(['kill', '-s', 'HUP', container]);
      // Every group begins at a time of its own, most of them within a minute.
      await sleep(60_000);
    },
    remove,
  };
}
