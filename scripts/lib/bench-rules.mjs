// What all of pgmon's rules cost with a thousand servers: seconds of each group's evaluation in a real Prometheus.
import { sleep } from './bench-world.mjs';
import { median } from './measure.mjs';
import { say } from './run.mjs';

/** The evaluation interval that pgmon renders. */
const CYCLE_SECONDS = 15;
const VARIANTS = [
  { name: 'no objectives', share: 0 },
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

/** Processors that Prometheus takes while `work` runs, by its own count: other programs on the machine add little to it. */
async function watchCores(prometheus, work) {
  const read = async () => ({ ms: performance.now(), seconds: await prometheus.cpuSeconds() });
  const before = await read();
  const result = await work();
  const after = await read();
  return { result, cores: (after.seconds - before.seconds) / ((after.ms - before.ms) / 1000) };
}

async function measureVariant(prometheus, seconds) {
  const { result: seen, cores } = await watchCores(prometheus, () => watchGroups(prometheus, seconds));
  const groups = judgeGroups(seen, (await prometheus.ask('rules')).groups);
  const known = groups.filter((group) => group.seconds !== null);
  const inCycle = (key) => total(known.map((group) => (group[key] * CYCLE_SECONDS) / group.interval));
  return {
    groups,
    cores,
    onceSeconds: total(known.map((group) => group.seconds)),
    bestSeconds: total(known.map((group) => group.bestSeconds)),
    cycleSeconds: inCycle('seconds'),
    bestCycleSeconds: inCycle('bestSeconds'),
  };
}

const NUMBERS = {
  samplesPerSecond: 'rate(prometheus_tsdb_head_samples_appended_total[2m])',
  series: 'prometheus_tsdb_head_series',
  residentBytes: 'process_resident_memory_bytes{job="prometheus"}',
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

/** Figures of the fleet with the rules of each variant, one after the other in the same Prometheus. */
export async function measureRules({ prometheus, applyRules }, { watchSeconds }) {
  const variants = [];
  for (const variant of VARIANTS) {
    await applyRules(variant.share);
    say(`rules: ${variant.name}`);
    variants.push({
      ...variant,
      ...(await measureVariant(prometheus, watchSeconds)),
      ...(await readNumbers(prometheus)),
    });
  }
  return { samples: await countSeries(prometheus), variants };
}

/** Processor time that Prometheus takes for everything else. The rules are gone afterwards. */
export async function measureWithoutRules({ prometheus, applyRules }, { watchSeconds }) {
  await applyRules(null);
  say('rules: none');
  const cores = await watchCores(prometheus, () => sleep(watchSeconds * 1000));
  return { cores: cores.cores, ...(await readNumbers(prometheus)) };
}
