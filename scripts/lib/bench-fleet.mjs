// A fleet to measure rules on: the files that pgmon renders for many servers, a real Prometheus with them, and targets that
// answer with the text of a real, loaded server.
import { cp, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { stringify } from 'yaml';
import { startServer, tablesSql } from './bench-server.mjs';
import { createPrometheus, docker, pgmon, sleep } from './bench-world.mjs';
import { root, say } from './run.mjs';

const LATENCY = { availability: 99.9, queryLatencyMs: 50 };
const TABLES = 20;

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
export async function renderFleet({ dir, name, count, share, images }) {
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

/** Targets and Prometheus, not yet ready. `mounts` are further arguments of `docker run` for Prometheus. */
export async function startWorld({ dir, name, pages, prometheusDir, images, mounts = [] }) {
  await writeFile(path.join(dir, 'pages.json'), JSON.stringify(pages));
  await cp(path.join(root, 'scripts/lib/bench-targets.mjs'), path.join(dir, 'targets.mjs'));
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
    ...['-v', `${prometheusDir}:/etc/prometheus:ro`, ...mounts, images.prometheus],
    ...['--config.file=/etc/prometheus/prometheus.yml', '--storage.tsdb.path=/prometheus'],
  ]);
  return createPrometheus(22_680);
}

export async function removeWorld(name) {
  await docker(['rm', '-f', '-v', `${name}-targets`, `${name}-prometheus`]).catch(() => undefined);
  await docker(['network', 'rm', name]).catch(() => undefined);
}
