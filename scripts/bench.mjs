// `npm run bench`: pgmon against Docker Compose and against bare Node, side by side in one run; writes docs/benchmarks.md.
//   --quick        fewer rounds
//   --no-docker    start and rendering only
//   --out FILE     write the report elsewhere
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { measureRender, measureStart } from './lib/bench-process.mjs';
import { formatReport } from './lib/bench-report.mjs';
import { copyLock, createBenchStack, measureColdUp, measureWarmUp } from './lib/bench-stack.mjs';
import { findCompose } from './lib/compose.mjs';
import { ensureImages } from './lib/stack-images.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const { values: flags } = parseArgs({
  options: { quick: { type: 'boolean' }, 'no-docker': { type: 'boolean' }, out: { type: 'string' } },
});
const rounds = flags.quick
  ? { cold: 2, warm: 3, start: 10, render: 1 }
  : { cold: 7, warm: 9, start: 30, render: 3 };

const say = (text) => process.stdout.write(`${text}\n`);

function serverVersion() {
  return execFileSync('docker', ['version', '--format', '{{.Server.Version}}'], { encoding: 'utf8' }).trim();
}

function describeMachine(compose) {
  const [cpu] = os.cpus();
  return [
    `${os.cpus().length} cores, ${cpu?.model ?? 'unknown processor'}, ${Math.round(os.totalmem() / 2 ** 30)} GiB memory`,
    `${os.type()} ${os.release()} ${os.arch()}; Node ${process.versions.node}`,
    `load average when it began: ${os.loadavg()[0].toFixed(1)}`,
    ...(compose === null ? [] : [`Docker ${serverVersion()}, Docker Compose ${compose.version}`]),
  ];
}

async function benchStacks(dir, compose) {
  const names = [0, 1].map(() => `pgmon-bench-${randomBytes(3).toString('hex')}`);
  const make = (i, healthcheckInterval, hasGrafana) =>
    createBenchStack({
      root,
      compose,
      hasGrafana,
      name: names[i],
      portOffset: 20_000 + i * 1000,
      healthcheckInterval,
      dir: path.join(dir, `stack-${i}`),
    });
  const [first, second] = [make(0, null, true), make(1, null, true)];
  const rows = [];
  try {
    first.write();
    say('images');
    const hasGrafana = (await ensureImages(path.join(dir, 'stack-0'))) === null;
    second.write();
    copyLock(first, second);
    for (const [interval, label] of [
      [null, 'healthchecks as rendered'],
      ['1s', 'healthchecks every 1 s'],
    ]) {
      const [ours, theirs] = [make(0, interval, hasGrafana), make(1, interval, hasGrafana)];
      ours.write();
      theirs.write();
      say(`cold up and down, ${label}`);
      rows.push(...(await measureColdUp(ours, rounds.cold, label)));
      say(`repeated up, ${label}`);
      rows.push(...(await measureWarmUp(ours, theirs, rounds.warm, label)));
      first.remove();
      second.remove();
    }
    return { rows, hasGrafana };
  } finally {
    first.remove();
    second.remove();
  }
}

const compose = flags['no-docker'] ? null : await findCompose();
const machine = describeMachine(compose);
const dir = path.join(root, '.cache', `bench-${process.pid}`);
mkdirSync(dir, { recursive: true });
try {
  say('start');
  const startGoal = process.versions.node.startsWith('20.') ? 1.5 : 2;
  const startRows = await measureStart(root, rounds.start, startGoal);
  say('render');
  const renderRows = await measureRender(root, dir, rounds.render);
  const stacks = compose === null ? { rows: [], hasGrafana: false } : await benchStacks(dir, compose);
  const report = formatReport({
    machine,
    command: `npm run bench${flags.quick ? ' -- --quick' : ''}`,
    notes: [
      `stacks/demo.yaml ${stacks.hasGrafana ? 'with' : 'without'} Grafana${stacks.hasGrafana ? '' : ' (its image is not on this machine)'}, images present, fresh volumes for every cold up`,
      'both wait until the stack serves: `pgmon up` asks the services themselves, `docker compose up -d --wait` waits for their healthchecks, the first of which comes after one interval. So the first set (the interval that pgmon renders by default, 15 s) shows what a user of the rendered file sees, and the second one (1 s) is the fairer race',
      'Docker Compose runs as a plugin of the docker program',
      'one service changed = another memory limit for Prometheus; for Compose the file is rendered beforehand and not timed',
    ],
    stackRows: stacks.rows,
    startRows,
    renderRows,
  });
  const out = path.resolve(flags.out ?? path.join(root, 'docs/benchmarks.md'));
  mkdirSync(path.dirname(out), { recursive: true });
  writeFileSync(out, report);
  say(report);
} finally {
  rmSync(dir, { recursive: true, force: true });
}
