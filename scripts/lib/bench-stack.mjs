// The demo stack, twice under names and ports of its own, once for pgmon and once for Docker Compose, and the four
// things that are timed on it: a cold up, an up that changes nothing, an up that changes one service, a down.
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseDocument } from 'yaml';
import { measurePairs, summarise, timeProgram } from './measure.mjs';

const PORTS = {
  prometheus: 9090,
  postgresExporter: 9187,
  alertmanager: 9093,
  nodeExporter: 9100,
  grafana: 3000,
};

function writeSpec(root, dir, { name, portOffset, healthcheckInterval, memory, hasGrafana }) {
  const document = parseDocument(readFileSync(path.join(root, 'stacks/demo.yaml'), 'utf8'));
  document.set('name', name);
  for (const [key, port] of Object.entries(PORTS)) document.setIn([key, 'port'], port + portOffset);
  if (!hasGrafana) document.setIn(['grafana', 'enabled'], false);
  if (healthcheckInterval !== null) document.setIn(['healthcheck', 'interval'], healthcheckInterval);
  if (memory !== undefined) document.setIn(['prometheus', 'memory'], memory);
  mkdirSync(dir, { recursive: true });
  writeFileSync(path.join(dir, 'pgmon.yaml'), document.toString());
}

/** A stack in a directory, and how both programs speak to it. */
export function createBenchStack({ root, dir, compose, ...spec }) {
  const pgmonCommand = (...words) => [
    process.execPath,
    path.join(root, 'bin/pgmon.js'),
    ...words,
    '--quiet',
    '--yes',
  ];
  const composeFile = path.join(dir, `.pgmon/${spec.name}/docker-compose.yml`);
  const composeCommand = (...words) => [
    ...compose.command,
    '--progress',
    'quiet',
    '-f',
    composeFile,
    ...words,
  ];
  const options = { cwd: dir };
  const write = (memory) => writeSpec(root, dir, { ...spec, ...(memory !== undefined && { memory }) });
  return {
    write,
    lockFile: path.join(dir, 'pgmon.lock.yaml'),
    pgmon: (...words) => timeProgram(pgmonCommand(...words), options),
    compose: (...words) => timeProgram(composeCommand(...words), options),
    composeUp: () => timeProgram(composeCommand('up', '-d', '--wait'), options),
    /** Leaves neither containers nor volumes; nothing there is fine. */
    remove: () => {
      const list = (kind, ...args) =>
        execFileSync(
          'docker',
          [kind, 'ls', '-q', '--filter', `label=com.docker.compose.project=${spec.name}`, ...args],
          {
            encoding: 'utf8',
          },
        )
          .split('\n')
          .filter((id) => id !== '');
      const drop = (kind, ids, ...args) =>
        ids.length > 0 && execFileSync('docker', [kind, 'rm', ...args, ...ids], { stdio: 'ignore' });
      drop('container', list('container', '-a'), '-f', '-v');
      drop('network', list('network'));
      drop('volume', list('volume'));
    },
  };
}

export function copyLock(from, to) {
  if (existsSync(from.lockFile)) copyFileSync(from.lockFile, to.lockFile);
}

/** Cold `up` and the `down` after it, in pairs on one and the same stack with fresh volumes each time. */
export async function measureColdUp(stack, rounds, label) {
  await stack.pgmon('up');
  stack.remove();
  const downs = { ours: [], theirs: [] };
  const side = (name, up, down) => async () => {
    const ms = await up();
    downs[name].push(await down());
    stack.remove();
    return ms;
  };
  const pairs = await measurePairs(
    rounds,
    side(
      'ours',
      () => stack.pgmon('up'),
      () => stack.pgmon('down'),
    ),
    side('theirs', stack.composeUp, () => stack.compose('down')),
  );
  const downPairs = downs.ours.map((ours, i) => ({ ours, theirs: downs.theirs[i] }));
  return [summarise(`up, cold (${label})`, pairs, 0.8), summarise(`down (${label})`, downPairs, 1.0)];
}

/** Repeated `up` on two stacks that both run: unchanged, then with Prometheus' memory limit changed each time. */
export async function measureWarmUp(ours, theirs, rounds, label) {
  await ours.pgmon('up');
  await theirs.pgmon('render');
  await theirs.pgmon('up');
  await theirs.pgmon('down');
  await theirs.composeUp();
  const unchanged = await measurePairs(rounds, () => ours.pgmon('up'), theirs.composeUp);
  const memory = (round) => `${1024 + 16 * (round + 1)}MiB`;
  const changed = await measurePairs(
    rounds,
    (round) => {
      ours.write(memory(round));
      return ours.pgmon('up');
    },
    async (round) => {
      theirs.write(memory(round));
      await theirs.pgmon('render');
      return theirs.composeUp();
    },
  );
  return [
    summarise(`up, nothing changed (${label})`, unchanged, 0.35),
    summarise(`up, one service changed (${label})`, changed, 0.8),
  ];
}
