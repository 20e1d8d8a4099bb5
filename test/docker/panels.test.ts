/**
 * Every panel of every dashboard on a loaded PostgreSQL 18 and 14, each with its replica: it has data, or is empty for a reason
 * that holds there and nowhere else; and what is wrong with a panel is found.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Dashboard } from '../../src/catalog/dashboards/dashboard.ts';
import type { EmptyWhen } from '../../src/catalog/dashboards/empty-when.ts';
import { query, stat } from '../../src/catalog/dashboards/house-look.ts';
import { DATABASE, ENVIRONMENT, SERVER } from '../../src/catalog/dashboards/variables.ts';
import { MORE_DASHBOARDS_DIR } from '../../src/conventions.ts';
import { createPanelsHop } from '../../src/panels/check/check-panels.ts';
import { PANEL_WORDS } from '../../src/panels/check/judge-panel.ts';
import type { CheckResult } from '../../src/verify/check-result.ts';
import { surroundings } from '../support/check-spec.ts';
import { daemonMissing } from '../support/daemon.ts';
import { panelExpressions } from '../support/panel-expressions.ts';
import { startLoad } from '../support/panel-load.ts';
import { findSilentQueries } from '../support/panel-series.ts';
import { olderVersionsMissing } from '../support/postgres-versions.ts';
import { runCli } from '../support/run-cli.ts';
import { PERHAPS_SILENT_QUERIES, SILENT_QUERIES } from '../support/silent-panel-queries.ts';
import { startVersionWorld, type VersionWorld } from '../support/version-world.ts';

const missing = daemonMissing ?? (await olderVersionsMissing());
const SETTLE_MS = 200_000;

/** One alert that fires, and its message, which nobody takes. */
const ALERTING = `alerting:
  defaultReceiver: hook
  receivers: [{name: hook, webhook: {url: "http://alertmanager:1/"}}]
  grouping: {by: [alertname, instance], wait: 1s, interval: 5s}
  thresholds: {PostgreSQLReplicationSlotInactive: {for: 1s}}
`;
/** Reason -> the servers on which panels are empty for it; '' = panels about all of them, or about the machine. */
const STACK = [''];
const VERSION_14 = ['pg14-primary', 'pg14-replica'];
const PRIMARIES = ['pg14-primary', 'pg18-primary'];
const REPLICAS = ['pg14-replica', 'pg18-replica'];
const REASONS: Readonly<Record<string, readonly string[]>> = {
  'PostgreSQL 16 and newer have it': VERSION_14,
  'every collector and every query works': STACK,
  'no replica is connected': REPLICAS,
  'nobody waits for a lock of another session': REPLICAS,
  'pg_stat_kcache is not loaded': [...VERSION_14, 'pg18-primary', 'pg18-replica'],
  'the exporter runs in a container, which does not see the network of the machine': STACK,
  'the same time before the selected one was not recorded in full': PRIMARIES,
  'the server is a replica': REPLICAS,
  'the server is a replica that nobody queries': REPLICAS,
  'the server is no replica': PRIMARIES,
  'the server is not set to archive its WAL': REPLICAS,
  'there is no replication slot': REPLICAS,
  'track_io_timing is off': [...VERSION_14, 'pg18-replica'],
};
/** As the moment and the machine have it. */
const EITHER_WAY: readonly string[] = ['no alert fires about this server', 'the machine has no swap space'];
/** Figures of the objectives come after minutes, some every half hour. */
const LATE = /^11-slo\//;

interface Answer {
  readonly error?: string;
  readonly data?: { readonly result: readonly { readonly metric: Readonly<Record<string, string>> }[] };
}

interface Seen {
  /** `01-overview/pg18-primary/cache-hit-ratio`. */
  readonly subject: string;
  readonly status: CheckResult['status'];
  readonly detail: string;
}

const isLate = ({ subject, detail }: Seen) => LATE.test(subject) && detail.startsWith(PANEL_WORDS.early);
const serverOf = ({ subject }: Seen) => /\/(pg\d+-\w+)\//.exec(subject)?.[1] ?? '';

function reasonsSeen(seen: readonly Seen[]): typeof REASONS {
  const reasons = new Map<string, Set<string>>();
  for (const one of seen) {
    const [words, reason = ''] = one.detail.split(': ');
    if (words !== PANEL_WORDS.empty || EITHER_WAY.includes(reason)) continue;
    reasons.set(reason, (reasons.get(reason) ?? new Set()).add(serverOf(one)));
  }
  return Object.fromEntries([...reasons].map(([reason, servers]) => [reason, [...servers].sort()]));
}

function countPanels(seen: readonly Seen[], version: number): string {
  const own = seen.filter((one) => serverOf(one).startsWith(`pg${version}-`));
  const words = Object.values(PANEL_WORDS).map(
    (word) => `${own.filter(({ detail }) => detail.split(':')[0] === word).length} ${word}`,
  );
  return `PostgreSQL ${version}: ${words.join(', ')}`;
}

describe.skipIf(missing !== null)(`panels on real servers${missing ?? ''}`, () => {
  let world: VersionWorld | undefined;
  let load: Awaited<ReturnType<typeof startLoad>> | undefined;
  const theWorld = () => {
    if (world === undefined) throw new Error('the servers did not start');
    return world;
  };
  const theStack = () => theWorld().stack;
  beforeAll(async () => {
    world = await startVersionWorld({
      slug: 'panels',
      versions: [18, 14],
      kinds: ['primary', 'replica'],
      serverKeys: ', slo: {availability: 99.9, queryLatencyMs: 50}',
      specLines: ALERTING,
    });
    load = await startLoad(world.servers);
  }, 400_000);
  afterAll(async () => {
    await load?.stop();
    await world?.remove();
  }, 120_000);

  const checkPanels = async (): Promise<readonly Seen[]> => {
    const words = ['check', '--panels', '--json', '-o', 'out'];
    const { stdout } = await runCli(words, surroundings(theStack()));
    const results: readonly CheckResult[] = JSON.parse(stdout).results;
    return results.filter(({ hop }) => hop === 'panels');
  };
  /** Until every panel is judged, none is broken and the reasons are those of REASONS, or time is up. */
  const settledPanels = async (): Promise<readonly Seen[]> => {
    const endMs = Date.now() + SETTLE_MS;
    for (;;) {
      const seen = await checkPanels();
      const isSettled =
        seen.every((one) => one.status === 'pass' || isLate(one)) &&
        isDeepStrictEqual(reasonsSeen(seen), REASONS);
      if (isSettled || Date.now() > endMs) return seen;
      await sleep(10_000);
    }
  };

  it('every panel has data, or is empty for a reason that holds where it should and nowhere else', {
    timeout: 300_000,
  }, async () => {
    const seen = await settledPanels();
    for (const version of [18, 14]) process.stdout.write(`${countPanels(seen, version)}\n`);
    expect(seen.length).toBeGreaterThan(500);
    const wrong = seen.filter((one) => one.status !== 'pass' && !isLate(one));
    expect(wrong.map(({ subject, detail }) => `${subject}: ${detail}`)).toEqual([]);
    expect(reasonsSeen(seen)).toEqual(REASONS);
  });

  it('every query gives something on one of the servers at least, but those that cannot here', {
    timeout: 300_000,
  }, async () => {
    const { prometheusUrl, servers } = theWorld();
    const query = async (expr: string) => {
      const body = new URLSearchParams({ query: expr });
      const response = await fetch(`${prometheusUrl}/api/v1/query`, { method: 'POST', body });
      const answer = (await response.json()) as Answer;
      if (answer.error !== undefined) throw new Error(`${answer.error}: ${expr}`);
      return answer.data?.result ?? [];
    };
    const names = servers.map(({ name }) => name);
    const excused = [...SILENT_QUERIES, ...PERHAPS_SILENT_QUERIES];
    let silent: readonly string[] = [];
    // What objectives record comes a while after the first samples.
    await expect
      .poll(
        async () => {
          silent = await findSilentQueries(query, names);
          return silent.filter((one) => !excused.some(([pattern]) => pattern.test(one)));
        },
        { timeout: SETTLE_MS, interval: 5_000 },
      )
      .toEqual([]);
    const unused = SILENT_QUERIES.filter(([pattern]) => !silent.some((one) => pattern.test(one)));
    expect(unused).toEqual([]);
    const all = panelExpressions().map(({ where, written }) => `${where}: ${written}`);
    const aimless = PERHAPS_SILENT_QUERIES.filter(([pattern]) => !all.some((one) => pattern.test(one)));
    expect(aimless).toEqual([]);
  });

  const doctored = (id: string, expr: string, emptyWhen: readonly EmptyWhen[] = []) =>
    stat({
      id,
      title: id,
      text: { shows: '', normal: '', action: '' },
      unit: 'none',
      queries: [query(expr, '')],
      emptyWhen,
    });
  const WRONG: Dashboard = {
    slug: '99-wrong',
    uid: 'pgmon-wrong',
    title: '99-Wrong',
    question: 'What is wrong?',
    variables: [ENVIRONMENT, SERVER, DATABASE],
    range: '1h',
    rows: [
      {
        title: 'Wrong',
        panels: [
          doctored('right', 'pg_up{instance=~"$instance"}'),
          doctored('renamed', 'pg_stat_database_xact_commits{instance=~"$instance"}', [
            { reason: 'nobody works', holds: 'vector(1)' },
          ]),
          doctored('unreasonable', 'pg_up{instance=~"$instance"}', [
            {
              reason: 'the server is no replica',
              holds: 'max(pg_replication_is_replica{instance=~"$instance"}) == 0',
            },
          ]),
          doctored('empty', 'pg_up{instance=~"$instance"} > 2', [
            { reason: 'there is no server', holds: 'absent(pg_up{instance=~"$instance"})' },
          ]),
          doctored('reasonable', 'pg_stat_wal_receiver_flushed_lsn{instance=~"$instance"}', [
            {
              reason: 'no receiver',
              holds: 'absent(pg_stat_wal_receiver_flushed_lsn{instance=~"$instance"})',
            },
          ]),
          doctored('no-promql', 'rate(pg_up{instance=~"$instance"})'),
        ],
      },
    ],
  };
  const OTHERS = {
    panels: [
      { id: 1, title: 'Up', targets: [{ expr: 'up{instance="$server"}' }] },
      { id: 2, title: 'Nothing', targets: [{ expr: 'no_such_metric{instance="$server"}' }] },
      { id: 3, title: 'Odd', targets: [{ expr: 'sum(up' }] },
    ],
    templating: { list: [{ name: 'server', type: 'query', query: 'label_values(pg_up, instance)' }] },
  };

  it('finds what is wrong with a panel, on the server where it is', { timeout: 120_000 }, async () => {
    const panels = createPanelsHop({
      dashboards: [WRONG],
      servers: ['pg18-primary'],
    });
    const { rendered, verify } = theStack();
    const others = { path: `${MORE_DASHBOARDS_DIR}/others.json`, content: JSON.stringify(OTHERS) };
    const results = await verify(
      { panels },
      { rendered: { ...rendered, files: [...rendered.files, others] } },
    );
    const said = Object.fromEntries(
      [...results.values()]
        .filter(({ hop }) => hop === 'panels')
        .map(({ subject, detail }) => [subject.replace('99-wrong/pg18-primary/', ''), detail]),
    );
    expect(said).toEqual({
      $environment: 'data',
      $instance: 'data',
      $database: 'data',
      right: 'data',
      renamed: 'broken: renamed: metric pg_stat_database_xact_commits missing: no part of the stack gives it',
      unreasonable: 'broken: unreasonable: has data although the server is no replica',
      empty: 'broken: empty: empty, and no reason for it holds; its series are there',
      reasonable: 'empty by design: no receiver',
      'no-promql': expect.stringMatching(/^broken: no-promql: query refused: .*expected type range vector/),
      'others/1': 'data',
      'others/2': 'empty: Nothing',
      'others/3': expect.stringMatching(/^broken: Odd: query refused: /),
    });
  });
});
