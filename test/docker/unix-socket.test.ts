/** A server on a Unix socket, with peer authentication and no password: what is rendered for the native runtime, run for real. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectedTargets } from '../../src/verify/expected.ts';
import { samplesOf } from '../../src/verify/exposition.ts';
import { probePath } from '../../src/verify/hops/exporter.ts';
import { daemonMissing } from '../support/daemon.ts';
import { renderForTest } from '../support/rendering.ts';
import { testName } from '../support/run-container.ts';
import { PEER, SOCKET_PORT, SOCKETS, type SocketWorld, startSocketWorld } from '../support/socket-world.ts';
import { failedQueries, sampleValue } from '../support/sql-exporter.ts';
import { createNativeStack, createServer } from '../support/stack-fixture.ts';

/** Every sign in it means something in an address. */
const ODD = 'we ird/100%?a=b&c';

const server = { host: SOCKETS, scrapeHost: SOCKETS, port: SOCKET_PORT, password: null } as const;
const rendered = renderForTest({
  ...createNativeStack(),
  name: testName('socket'),
  scrape: { intervalSeconds: 2, timeoutSeconds: 2, evaluationIntervalSeconds: 2, slowIntervalSeconds: 5 },
  servers: [
    createServer({ ...server, name: 'app', sslMode: 'disable' }),
    createServer({ ...server, name: 'odd', sslMode: 'disable', database: ODD }),
  ],
  alertmanager: null,
  nodeExporter: null,
  grafana: null,
});

let world: SocketWorld;

function addressOf(name: string): string {
  const target = expectedTargets(rendered.files).find(
    ({ job, labels }) => job === 'postgresql' && labels.instance === name,
  );
  if (target === undefined) throw new Error(`${name} is no target`);
  return target.address;
}

describe.skipIf(daemonMissing !== null)(`a server on a Unix socket${daemonMissing ?? ''}`, () => {
  beforeAll(async () => {
    world = await startSocketWorld(rendered, ['postgres', ODD]);
  });
  afterAll(async () => world?.remove());

  it.each([
    ['fast', 9187],
    ['slow', 9188],
  ] as const)('is read by the %s exporter, whatever the database is called', async (_tier, port) => {
    for (const name of ['app', 'odd']) {
      const body = await world.ask(`http://127.0.0.1:${port}${probePath(name, addressOf(name))}`);
      expect(sampleValue(body, 'pg_up')).toBe(1);
      const collectors = samplesOf(body, ['pg_scrape_collector_success']);
      expect(collectors.length).toBeGreaterThan(0);
      expect(collectors.filter(({ value }) => value !== 1)).toEqual([]);
    }
  });

  it('is read by the SQL exporter, every database of it', async () => {
    for (const name of ['app', 'odd']) {
      const body = await world.ask(`http://127.0.0.1:9399/probe?server=${name}`);
      expect(failedQueries(body)).toEqual([]);
      for (const datname of ['postgres', ODD]) expect(sampleValue(body, 'pgmon_tables', { datname })).toBe(0);
    }
  });

  it('is up for Prometheus in every job', async () => {
    const query = encodeURIComponent('sort(count by (job) (up == 1))');
    const seen = async () => {
      const answer = JSON.parse(await world.ask(`http://127.0.0.1:9090/api/v1/query?query=${query}`));
      return answer.data.result.map((one: { metric: { job: string }; value: [number, string] }) => [
        one.metric.job,
        Number(one.value[1]),
      ]);
    };
    await expect
      .poll(async () => Object.fromEntries(await seen()), { timeout: 60_000 })
      .toEqual({
        prometheus: 1,
        postgresql: 2,
        'postgresql-slow': 2,
        'postgresql-sql': 2,
        'postgres-exporter': 2,
        'sql-exporter': 1,
      });
  });

  it('lets in the system user with the role’s name and nobody else', async () => {
    expect(await world.logInAs(PEER.id)).toMatchObject({ code: 0, output: '1\n' });
    const { code, output } = await world.logInAs(PEER.id + 1);
    expect(code).not.toBe(0);
    expect(output).toMatch(/peer authentication failed|could not look up local user/i);
  });
});
