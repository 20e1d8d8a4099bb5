// What collection and the rules cost, as Markdown.
import { bullets, count, fixed, table, verdict } from './bench-markdown.mjs';
import { JOBS } from './bench-server.mjs';

/** With its index, in a block of two hours of a thousand servers. */
const BYTES_PER_SAMPLE = 0.88;
const MIB = 2 ** 20;

const JOB_NAMES = [...JOBS, 'postgresql-sql, tables too'];

/** The section about the server's side; `conditions` are lines about machine and command. */
export function costSection(servers, conditions) {
  const each = servers.flatMap(({ kind, scrapes, byDefault }) =>
    [...JOB_NAMES.map((job) => [job, scrapes[job]]), ['postgres_exporter by default', byDefault]].map(
      ([job, { samples, ms, statements, serverMs }]) => [
        kind,
        job,
        count(samples),
        fixed(ms, 1),
        fixed(statements, 1),
        fixed(serverMs, 1),
      ],
    ),
  );
  const all = servers.map((one) => [
    one.kind,
    fixed(one.perMinute, 1),
    one.goal === null ? '-' : String(one.goal),
    one.goal === null ? '-' : verdict(one.perMinute, one.goal),
    fixed(one.byDefault.statements * 4, 0),
    fixed(one.serverMsPerMinute, 1),
    count(one.series),
    count(one.samplesPerDay),
    `${fixed((one.samplesPerDay * BYTES_PER_SAMPLE) / MIB, 1)} MiB`,
  ]);
  return [
    bullets([
      ...conditions,
      'PostgreSQL 18 and the exporters of a stack that `pgmon up` started, with the flags that pgmon renders; no load of users',
      'statements: `calls` in pg_stat_statements of the monitoring role, `SET`, `SHOW` and the like among them; ms on the server: their `total_exec_time`',
      'a scrape: ten one after the other from within the network while Prometheus is paused; milliseconds are the median',
      '`postgresql-sql` reads tables, indexes and sequences of each database every five minutes ("tables too") and the rest every minute; here it forgets between scrapes what it would else remember',
      '`postgres_exporter by default`: the same program without any collector flag, asked at the same /probe, at 15 s = four times a minute',
    ]),
    table(['server', 'job', 'samples', 'scrape, ms', 'statements', 'ms on the server'], each),
    `In all, measured while Prometheus scraped at 15 s and 60 s. Disk: samples of a day, those of the recording rules among them, at ${BYTES_PER_SAMPLE} bytes, index included; this figure is not measured here but in an earlier block of two hours with a thousand servers.`,
    table(
      [
        'server',
        'statements a minute',
        'goal at most',
        'met',
        'exporter by default',
        'ms on the server a minute',
        'series',
        'samples a day',
        'disk a day',
      ],
      all,
    ),
  ].join('\n\n');
}

function variantTable(variants) {
  return table(
    [
      'variant',
      'rules',
      'each group once, s',
      'the same, best, s',
      'per 30 s, s',
      'goal at most',
      'met',
      'samples/s',
      'series',
      'resident, MiB',
      'cores',
      'alerts firing',
    ],
    variants.map((one) => [
      one.name,
      String(one.groups.reduce((sum, { rules }) => sum + rules, 0)),
      `**${fixed(one.onceSeconds, 2)}**`,
      fixed(one.bestSeconds, 2),
      fixed(one.cycleSeconds, 2),
      '1',
      verdict(one.onceSeconds, 1),
      count(one.samplesPerSecond),
      count(one.series),
      count(one.residentBytes / MIB),
      fixed(one.cores, 2),
      count(one.firing),
    ]),
  );
}

function groupTable(variants) {
  const names = [...new Set(variants.flatMap(({ groups }) => groups.map(({ name }) => name)))];
  const rows = names.map((name) => {
    const found = variants.map(({ groups }) => groups.find((group) => group.name === name));
    const some = found.findLast((group) => group !== undefined);
    const cells = found.map((group) => {
      if (group === undefined) return '-';
      if (group.seconds === null) return 'not due';
      return `${fixed(group.seconds * 1000, 1)} / ${fixed(group.bestSeconds * 1000, 1)} (${group.evaluations})`;
    });
    return [name, String(some.rules), String(some.interval), ...cells];
  });
  return table(['group', 'rules', 'interval, s', ...variants.map(({ name }) => `${name}, ms`)], rows);
}

/** The section about Prometheus' side. */
export function rulesSection({ servers, samples, variants, fillSeconds }, conditions) {
  const dearest = variants[0].groups
    .flatMap(({ name, perRule }) => perRule.map((rule) => ({ group: name, ...rule })))
    .sort((a, b) => b.seconds - a.seconds)
    .slice(0, 10);
  return [
    bullets([
      ...conditions,
      `the configuration and the rules that \`pgmon render\` writes for ${count(servers)} servers, in a real Prometheus; the targets answer with the text of a real, loaded server of ${samples.postgresql} + ${samples['postgresql-slow']} + ${samples['postgresql-sql']} series (fast, slow and SQL job), numbers moving; 15 s and 60 s`,
      `measured after ${fillSeconds} s, so windows up to five minutes are full; those of an hour and more hold what there is, and cost more when they are full`,
      'a healthy fleet without standbys, and one machine with node_exporter: rules about standbys and hosts find little to read',
      'each group once (what the goal is about): sum of the medians of the seconds that one evaluation of each group takes; best: of the least seconds, since other programs on the machine add to the median; per 30 s: the medians, each as often as its group is due in 30 s',
    ]),
    variantTable(variants),
    'Milliseconds of one evaluation of each group, median / best (how many were seen):',
    groupTable(variants),
    'The dearest rules without objectives, at their best:',
    table(
      ['rule', 'group', 'ms'],
      dearest.map(({ rule, group, seconds }) => [rule, group, fixed(seconds * 1000, 1)]),
    ),
  ].join('\n\n');
}
