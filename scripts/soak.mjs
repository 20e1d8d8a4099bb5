// `npm run soak`: a healthy server under steady load with default thresholds. No alert may fire but the Watchdog.
// `-- --minutes 10` says for how long (default 10).
import { copyFile, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { parseDocument } from 'yaml';
import { ensureDependencies } from './lib/dependencies.mjs';
import { ensureDaemon } from './lib/docker-daemon.mjs';
import { main, pgmonProgram, root, run, Stop, say } from './lib/run.mjs';
import { ensureImages } from './lib/stack-images.mjs';

const POLL_MS = 5000;
/** Away from the ports of a stack that may run here. */
const PORTS = {
  prometheus: 19_290,
  postgresExporter: 19_387,
  sqlExporter: 19_399,
  alertmanager: 19_293,
  nodeExporter: 19_300,
  grafana: 13_200,
};

const sleep = (ms) => new Promise((resolve) => void setTimeout(resolve, ms));

async function writeSpec(dir) {
  const document = parseDocument(await readFile(path.join(root, 'stacks/demo.yaml'), 'utf8'));
  document.set('name', 'pgmon-soak');
  document.setIn(['grafana', 'enabled'], false);
  for (const [key, port] of Object.entries(PORTS)) document.setIn([key, 'port'], port);
  await writeFile(path.join(dir, 'pgmon.yaml'), document.toString());
}

async function askAlerts() {
  const response = await fetch(`http://127.0.0.1:${PORTS.prometheus}/api/v1/alerts`);
  if (!response.ok) throw new Stop(`Prometheus answered HTTP ${response.status}`);
  const { data } = await response.json();
  return data.alerts;
}

const nameOf = ({ labels: { alertname, ...labels } }) => `${alertname} ${JSON.stringify(labels)}`;

/** What fired, and what only began to, in all that time. */
async function watch(minutes) {
  const endMs = Date.now() + minutes * 60_000;
  const seen = { firing: new Map(), pending: new Map() };
  let looks = 0;
  while (Date.now() < endMs) {
    for (const alert of await askAlerts()) {
      const { alertname } = alert.labels;
      if (alertname !== 'Watchdog') seen[alert.state].set(nameOf(alert), alert.annotations.description);
      else seen.watchdog = true;
    }
    looks += 1;
    await sleep(POLL_MS);
  }
  return { ...seen, looks };
}

async function soak(dir, minutes) {
  const pgmon = async (...args) => {
    const { code } = await run(process.execPath, [pgmonProgram, ...args], { cwd: dir });
    if (code !== 0) throw new Stop(`pgmon ${args[0]} ended with exit code ${code}`, code);
  };
  try {
    await pgmon('up', '--yes', '--quiet');
    say(`\nwatching for ${minutes} minutes`);
    const { firing, pending, watchdog, looks } = await watch(minutes);
    for (const [name, text] of pending) if (!firing.has(name)) say(`pending, never fired: ${name}: ${text}`);
    for (const [name, text] of firing) say(`FIRED: ${name}: ${text}`);
    say(
      `${looks} looks in ${minutes} minutes: ${firing.size} alerts fired, Watchdog ${watchdog ? 'on' : 'MISSING'}`,
    );
    await pgmon('check');
    return firing.size === 0 && watchdog ? 0 : 1;
  } finally {
    await run(process.execPath, [pgmonProgram, 'down', '--volumes', '--yes', '--quiet'], { cwd: dir });
  }
}

/** The images that the test set-up has built or pulled, so that the soak needs no registry. */
async function borrowLock(dir) {
  const lock = path.join(root, '.cache/setup/pgmon.lock.yaml');
  const isThere = await stat(lock).then(
    () => true,
    () => false,
  );
  if (isThere) await copyFile(lock, path.join(dir, 'pgmon.lock.yaml'));
}

await main(async () => {
  const { values } = parseArgs({ options: { minutes: { type: 'string', default: '10' } } });
  const minutes = Number(values.minutes);
  if (!(minutes > 0)) throw new Stop(`--minutes must be a number above 0, not ${values.minutes}`, 2);
  await ensureDependencies();
  await ensureDaemon();
  const dir = await mkdtemp(path.join(os.tmpdir(), 'pgmon-soak-'));
  try {
    await writeSpec(dir);
    await borrowLock(dir);
    await ensureImages(dir);
    return await soak(dir, minutes);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
});
