// What pgmon costs without a daemon: its start against bare Node, and rendering one to ten thousand servers.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { measurePairs, median, summarise, timeNode, timeProgram } from './measure.mjs';

export async function measureStart(root, rounds, goal) {
  const bare = () => timeProgram([process.execPath, '-e', '0']);
  const rows = [];
  for (const flag of ['--version', '--help']) {
    const ours = () => timeProgram([process.execPath, path.join(root, 'bin/pgmon.js'), flag]);
    await ours();
    rows.push(summarise(`pgmon ${flag} against node -e 0`, await measurePairs(rounds, ours, bare), goal));
  }
  return rows;
}

function specOf(serverCount) {
  const servers = Array.from(
    { length: serverCount },
    (_, i) =>
      `  - {name: server-${i + 1}, host: db${i + 1}.example.com, port: 5432, user: pgmon, password: {env: DB_PASSWORD}, environment: prod, datacenter: dc${i % 5}, labels: {team: team-${i % 20}}}`,
  );
  return `apiVersion: pgmon/v1\nname: many\nservers:\n${servers.join('\n')}\n`;
}

export async function measureRender(root, dir, rounds) {
  const rows = [];
  mkdirSync(dir, { recursive: true });
  for (const servers of [1, 100, 10_000]) {
    const spec = path.join(dir, `servers-${servers}.yaml`);
    writeFileSync(spec, specOf(servers));
    const args = [
      path.join(root, 'bin/pgmon.js'),
      'render',
      '--quiet',
      '-f',
      spec,
      '-o',
      path.join(dir, `out-${servers}`),
    ];
    const runs = [];
    for (let i = 0; i < rounds; i += 1)
      runs.push(await timeNode(args, { env: { ...process.env, DB_PASSWORD: 'unused' } }));
    rows.push({
      servers,
      ms: median(runs.map(({ ms }) => ms)),
      peakMiB: Math.max(...runs.map(({ peakMiB }) => peakMiB)),
    });
  }
  return rows;
}
