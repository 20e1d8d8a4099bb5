// What all of pgmon's rules cost with a thousand servers: seconds of each group's evaluation in a real Prometheus.
import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { realPages, removeWorld, renderFleet, startWorld } from './bench-fleet.mjs';
import { docker, eventually, sleep } from './bench-world.mjs';
import { median } from './measure.mjs';
import { say } from './run.mjs';

const CYCLE_SECONDS = 30;
const VARIANTS = [
  { name: 'no objectives', share: 0 },
  { name: 'objectives for a tenth of the servers', share: 0.1 },
  { name: 'objectives for all servers', share: 1 },
];

/** Evaluations of every group seen while this runs: name -> group, its rules and the seconds of each evaluation. */
async function watchGroups(prometheus, seconds) {
  const seen = new Map();
  for (const endMs = Date.now() + seconds * 1000; Date.now() < endMs; await sleep(3000)) {
    for (const group of (await prometheus.ask('rules')).groups) {
      const one = seen.get(group.name) ?? {
        interval: group.interval,
        at: new Set(),
        times: [],
        rules: new Map(),
      };
      if (group.lastEvaluation.startsWith('0001') || one.at.has(group.lastEvaluation)) continue;
      one.at.add(group.lastEvaluation);
      one.times.push(group.evaluationTime);
      for (const [i, rule] of group.rules.entries()) {
        const key = `${i} ${rule.name}`;
        one.rules.set(key, [...(one.rules.get(key) ?? []), rule.evaluationTime]);
        if (rule.lastError) throw new Error(`${rule.name}: ${rule.lastError}`);
      }
      seen.set(group.name, one);
    }
  }
  return seen;
}

/**
 * Median and least seconds of each group, least of each rule: what another program takes of the machine adds to the
 * others. A group that was not due in that time has none.
 */
function judgeGroups(seen, groups) {
  return groups.map(({ name, interval, rules }) => {
    const one = seen.get(name);
    const perRule = [...(one?.rules ?? [])].map(([key, times]) => ({
      rule: key.replace(/^\d+ /, ''),
      seconds: Math.min(...times),
    }));
    return {
      name,
      interval,
      rules: rules.length,
      evaluations: one?.times.length ?? 0,
      seconds: one === undefined ? null : median(one.times),
      bestSeconds: one === undefined ? null : Math.min(...one.times),
      perRule: perRule.sort((a, b) => b.seconds - a.seconds),
    };
  });
}

const total = (numbers) => numbers.reduce((sum, one) => sum + one, 0);

async function measureVariant(prometheus, seconds) {
  const seen = await watchGroups(prometheus, seconds);
  const groups = judgeGroups(seen, (await prometheus.ask('rules')).groups);
  const known = groups.filter((group) => group.seconds !== null);
  return {
    groups,
    onceSeconds: total(known.map((group) => group.seconds)),
    bestSeconds: total(known.map((group) => group.bestSeconds)),
    cycleSeconds: total(known.map((group) => (group.seconds * CYCLE_SECONDS) / group.interval)),
  };
}

const NUMBERS = {
  samplesPerSecond: 'rate(prometheus_tsdb_head_samples_appended_total[2m])',
  ofRules: 'sum(rate(prometheus_rule_evaluations_total[2m]))',
  series: 'prometheus_tsdb_head_series',
  residentBytes: 'process_resident_memory_bytes{job="prometheus"}',
  cores: 'rate(process_cpu_seconds_total{job="prometheus"}[2m])',
  targetsUp: 'count(up == 1)',
  firing: 'count(ALERTS{alertstate="firing"})',
};

async function readNumbers(prometheus) {
  const sum = (expr) => prometheus.value(`sum(${expr})`);
  return Object.fromEntries(
    await Promise.all(Object.entries(NUMBERS).map(async ([key, expr]) => [key, await sum(expr)])),
  );
}

async function countSeries(prometheus) {
  const rows = await prometheus.query('max by (job) (scrape_samples_scraped{job=~"postgresql.*"})');
  return Object.fromEntries(rows.map(({ metric, value }) => [metric.job, Number(value[1])]));
}

/** Figures for each variant of the fleet, one after the other in the same Prometheus. */
export async function measureRules({
  dir,
  name,
  images,
  servers = 1000,
  fillSeconds = 480,
  watchSeconds = 250,
  variants = VARIANTS,
}) {
  const pages = await realPages({ dir: path.join(dir, 'text'), name: `${name}-text`, images });
  const fleet = (variant) =>
    renderFleet({
      dir: path.join(dir, `fleet-${variant.share}`),
      name: 'fleet',
      count: servers,
      share: variant.share,
      images,
    });
  const prometheusDir = path.join(dir, 'prometheus');
  await cp(await fleet(variants[0]), prometheusDir, { recursive: true });
  const results = [];
  try {
    const prometheus = await startWorld({ dir, name, pages, prometheusDir, images });
    say(`rules: ${servers} servers for ${fillSeconds} s, until all windows are full`);
    await eventually('Prometheus ready', 60_000, () => prometheus.ask('rules'));
    await sleep(fillSeconds * 1000);
    for (const [i, variant] of variants.entries()) {
      if (i > 0) {
        const rules = path.join(prometheusDir, 'rules');
        const source = path.join(await fleet(variant), 'rules');
        for (const file of await readdir(source))
          await writeFile(path.join(rules, file), await readFile(path.join(source, file)));
        await docker(['kill', '-s', 'HUP', `${name}-prometheus`]);
        await sleep(30_000);
      }
      say(`rules: ${variant.name}`);
      results.push({
        ...variant,
        ...(await measureVariant(prometheus, watchSeconds)),
        ...(await readNumbers(prometheus)),
      });
    }
    return { servers, samples: await countSeries(prometheus), variants: results };
  } finally {
    if (!process.env.PGMON_BENCH_KEEP) await removeWorld(name);
    await rm(path.join(dir, 'text'), { recursive: true, force: true });
  }
}
