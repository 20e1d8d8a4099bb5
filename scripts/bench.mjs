// `npm run bench`: pgmon against Docker Compose and against bare Node, side by side in one run; writes docs/benchmarks.md.
// Also what collection and the rules cost, with real servers and a real Prometheus.
//   --quick        fewer rounds, shorter watching
//   --no-docker    start and rendering only
//   --cost         only what collection costs a server (8 minutes)
//   --rules        only what the rules cost Prometheus with a thousand servers (25 minutes)
//   --panels       only how long dashboards take with a thousand servers and a day of data (15 minutes)
//   --servers N    another number of servers for the rules and the dashboards
//   --out FILE     write the report elsewhere
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { measureCost } from './lib/bench-cost.mjs';
import { realPages, startFleet } from './lib/bench-fleet.mjs';
import { panelsSection } from './lib/bench-panel-report.mjs';
import { measurePanels } from './lib/bench-panels.mjs';
import { measureRender, measureStart } from './lib/bench-process.mjs';
import { comparisonSections } from './lib/bench-report.mjs';
import { measureRules, measureWithoutRules } from './lib/bench-rules.mjs';
import { mergeSections } from './lib/bench-sections.mjs';
import { costSection, rulesSection } from './lib/bench-signal-report.mjs';
import { copyLock, createBenchStack, measureColdUp, measureWarmUp } from './lib/bench-stack.mjs';
import { sleep, standIns } from './lib/bench-world.mjs';
import { findCompose } from './lib/compose.mjs';
import { main } from './lib/run.mjs';
import { ensureImages } from './lib/stack-images.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const { values: flags } = parseArgs({
  options: {
    quick: { type: 'boolean' },
    'no-docker': { type: 'boolean' },
    cost: { type: 'boolean' },
    rules: { type: 'boolean' },
    panels: { type: 'boolean' },
    servers: { type: 'string', default: '1000' },
    out: { type: 'string' },
  },
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

async function compare(dir, command) {
  const compose = flags['no-docker'] ? null : await findCompose();
  const machine = describeMachine(compose);
  say('start');
  const startGoal = process.versions.node.startsWith('20.') ? 1.5 : 2;
  const startRows = await measureStart(root, rounds.start, startGoal);
  say('render');
  const renderRows = await measureRender(root, dir, rounds.render);
  const stacks = compose === null ? { rows: [], hasGrafana: false } : await benchStacks(dir, compose);
  return comparisonSections({
    machine,
    command,
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
}

/** About a section that stands by itself. */
function conditions(command) {
  const [machine, system, load] = describeMachine(null);
  return [`written by \`${command}\` on ${machine}; ${system}; ${load}`];
}

const newName = () => `pgmon-bench-${randomBytes(3).toString('hex')}`;

async function benchCost(dir, command) {
  const lines = conditions(command);
  const watchSeconds = flags.quick ? 120 : 300;
  const servers = await measureCost({ dir, name: newName(), images: await standIns(), watchSeconds });
  return { cost: costSection(servers, lines) };
}

/** Rules and dashboards are measured in one fleet: to fill it takes longest. */
async function benchFleet(dir, command, { hasRules, hasPanels }) {
  const lines = conditions(command);
  const times = flags.quick
    ? { fillSeconds: 120, watchSeconds: 60 }
    : { fillSeconds: 360, watchSeconds: 240 };
  const images = await standIns();
  const name = newName();
  const pages = await realPages({ dir: path.join(dir, 'text'), name: `${name}-text`, images });
  const servers = Number(flags.servers);
  const fleet = await startFleet({ dir, name, images, pages, servers, share: hasRules ? 0 : 1 });
  try {
    say(`${servers} servers for ${times.fillSeconds} s, until windows are full`);
    await sleep(times.fillSeconds * 1000);
    const rules = hasRules ? await measureRules(fleet, times) : null;
    const panels = hasPanels ? await measurePanels(fleet, { rounds: flags.quick ? 3 : 7 }) : null;
    const without = hasRules ? await measureWithoutRules(fleet, times) : null;
    return {
      ...(rules && { rules: rulesSection({ servers, ...times, ...rules, without }, lines) }),
      ...(panels && { panels: panelsSection({ servers, ...panels }, lines) }),
    };
  } finally {
    await fleet.remove();
  }
}

await main(async () => {
  const only = ['cost', 'rules', 'panels'].filter((part) => flags[part]);
  const isWanted = (part) => only.length === 0 || only.includes(part);
  const command = `npm run bench${flags.quick || only.length > 0 ? ' --' : ''}${[...only, ...(flags.quick ? ['quick'] : [])].map((flag) => ` --${flag}`).join('')}`;
  const dir = path.join(root, '.cache', `bench-${process.pid}`);
  mkdirSync(dir, { recursive: true });
  const out = path.resolve(flags.out ?? path.join(root, 'docs/benchmarks.md'));
  const write = (sections) => {
    mkdirSync(path.dirname(out), { recursive: true });
    writeFileSync(out, mergeSections(existsSync(out) ? readFileSync(out, 'utf8') : '', sections));
  };
  try {
    if (isWanted('comparison')) write(await compare(dir, command));
    if (isWanted('cost') && !flags['no-docker']) write(await benchCost(dir, command));
    const [hasRules, hasPanels] = [isWanted('rules'), isWanted('panels')];
    if ((hasRules || hasPanels) && !flags['no-docker'])
      write(await benchFleet(dir, command, { hasRules, hasPanels }));
    say(readFileSync(out, 'utf8'));
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
});
