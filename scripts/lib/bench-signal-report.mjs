// What collection and the rules cost, as Markdown.
import { bullets, count, fixed, table, verdict } from './bench-markdown.mjs';
import { JOBS } from './bench-server.mjs';

/** With its index, in a block of two hours of a thousand servers. */
const BYTES_PER_SAMPLE = 0.88;
const MIB = 2 ** 20;
/** The evaluation interval that pgmon renders. */
const CYCLE_SECONDS = 15;
const DEAREST = 15;

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

/** Processor seconds of the rules in one cycle: what Prometheus takes with them, less what it takes without. */
const cpuOf = (one, without) => (one.cores - without.cores) * CYCLE_SECONDS;

function variantTable(variants, without) {
  const cells = (name, one, own) => [
    name,
    ...own,
    count(one.samplesPerSecond),
    count(one.series),
    count(one.residentBytes / MIB),
    fixed(one.cores, 2),
  ];
  return table(
    [
      'variant',
      'rules',
      'each group once, s',
      `a cycle of ${CYCLE_SECONDS} s, s`,
      'the same, best, s',
      'processor seconds of a cycle',
      'goal at most',
      'met',
      'alerts firing',
      'samples/s',
      'series',
      'resident, MiB',
      'cores',
    ],
    [
      ...variants.map((one) =>
        cells(one.name, one, [
          String(one.groups.reduce((sum, { rules }) => sum + rules, 0)),
          fixed(one.onceSeconds, 2),
          `**${fixed(one.cycleSeconds, 2)}**`,
          fixed(one.bestCycleSeconds, 2),
          `**${fixed(cpuOf(one, without), 2)}**`,
          '1',
          verdict(one.cycleSeconds, 1),
          count(one.firing),
        ]),
      ),
      cells('without any rules', without, ['0', '-', '-', '-', '-', '-', '-', '-']),
    ],
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

/** The rules with the most seconds in a cycle, of the last variant. */
function dearestTable({ groups }) {
  const rows = groups
    .flatMap(({ name, interval, perRule }) =>
      perRule.map(({ rule, seconds }) => ({
        name,
        interval,
        rule,
        seconds,
        each: (seconds * CYCLE_SECONDS) / interval,
      })),
    )
    .sort((a, b) => b.each - a.each)
    .slice(0, DEAREST);
  return table(
    ['rule', 'group', 'interval, s', 'once, ms', `in ${CYCLE_SECONDS} s, ms`],
    rows.map(({ rule, name, interval, seconds, each }) => [
      rule,
      name,
      String(interval),
      fixed(seconds * 1000, 1),
      fixed(each * 1000, 1),
    ]),
  );
}

/** The section about Prometheus' side. */
export function rulesSection({ servers, samples, variants, without, ...times }, conditions) {
  const { fillSeconds, watchSeconds } = times;
  return [
    bullets([
      ...conditions,
      `the configuration and the rules that \`pgmon render\` writes for ${count(servers)} servers, in a real Prometheus; the targets answer with the text of a real, loaded server of ${samples.postgresql} + ${samples['postgresql-slow']} + ${samples['postgresql-sql']} series (fast, slow and SQL job), numbers moving; 15 s and 60 s`,
      `measured for ${watchSeconds} s after ${fillSeconds} s, so windows up to five minutes are full; those of an hour and more hold what there is, and cost more when they are full`,
      'a healthy fleet without standbys, and one machine with node_exporter: rules about standbys and hosts find little to read',
      `groups are evaluated as often as their figures change: every 15, 30, 60, 120, 240 or 1,800 s. A cycle of ${CYCLE_SECONDS} s (what the goal is about): the median seconds of one evaluation of each group, times ${CYCLE_SECONDS}, divided by its interval; best: the same with the least seconds, since other programs on the machine add to the median`,
      'processor seconds of a cycle: those that Prometheus takes in 15 s by its own count, less those that it takes without any rules (to store what the rules record is in it)',
      'when the objectives are added, groups that do not come due while they are watched have no figure',
    ]),
    variantTable(variants, without),
    'Milliseconds of one evaluation of each group, median / best (how many were seen):',
    groupTable(variants),
    'The dearest rules with objectives for all servers, at their best:',
    dearestTable(variants.at(-1)),
  ].join('\n\n');
}
