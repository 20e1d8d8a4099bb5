/** `pgmon rules` and `pgmon runbook`, without promtool and without a daemon. */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ALERT_NAMES, EVERY_ALERT } from '../../src/catalog/alerts/every-alert.ts';
import type { Exec } from '../../src/host/host.ts';
import { createTestDir } from '../support/fake-host.ts';
import { runCli } from '../support/run-cli.ts';

const SPEC = `apiVersion: pgmon/v1
name: x
nodeExporter: {enabled: false}
servers:
  - {name: orders, host: h, thresholds: {PostgreSQLTooManyConnections: {value: 90, severity: critical}}}
  - {name: archive, host: h, disabledAlerts: [PostgreSQLDown]}
alerting:
  disabled: [PostgreSQLHighRollbackRate]
  thresholds: {PostgreSQLTooManyConnections: {value: 70, for: 10m}, ScrapeTargetDown: {for: 5m}}
`;

const NOTHING: Exec = async () => ({ exitCode: null, stdout: '', stderr: '', errorCode: 'ENOENT' });

async function rules(words: readonly string[], exec: Exec = NOTHING) {
  const cwd = await createTestDir();
  await writeFile(path.join(cwd, 'pgmon.yaml'), SPEC);
  return { cwd, ...(await runCli(words, { cwd, exec })) };
}

interface Listed {
  readonly alerts: readonly { readonly name: string; readonly state: string }[];
}

describe('pgmon rules list', () => {
  it('has a line for each alert, with what the spec says of it', async () => {
    const { code, stdout } = await rules(['rules', 'list']);
    expect(code).toBe(0);
    const lineOf = (name: string) => stdout.split('\n').find((line) => line.startsWith(`${name} `)) ?? '';
    expect(ALERT_NAMES.filter((name) => lineOf(name) === '')).toEqual([]);
    expect(lineOf('PostgreSQLTooManyConnections')).toMatch(
      /connections +warning +10m +70 % +- +on; orders: 90 %, critical$/,
    );
    expect(lineOf('PostgreSQLDown')).toMatch(/availability +critical +1m +- +- +on; archive: off$/);
    expect(lineOf('PostgreSQLHighRollbackRate')).toMatch(/ off$/);
    expect(lineOf('PostgreSQLAvailabilityBurnFast')).toMatch(/slo .*no server has an objective/);
  });

  it('gives programs the effective figures and the defaults', async () => {
    const { stdout } = await rules(['rules', 'list', '--json']);
    const { alerts } = JSON.parse(stdout) as Listed;
    const find = (name: string) => alerts.find((one) => one.name === name);
    expect(alerts).toHaveLength(ALERT_NAMES.length);
    expect(find('PostgreSQLTooManyConnections')).toMatchObject({
      state: 'on',
      for: '10m',
      threshold: { value: 70, unit: 'percent', text: '70 %', default: 80 },
      servers: [
        { server: 'orders', state: 'on', threshold: { value: 90 }, for: '10m', severity: 'critical' },
      ],
    });
    expect(find('PostgreSQLDown')).toMatchObject({ servers: [{ server: 'archive', state: 'off' }] });
    const absent = alerts.filter(({ state }) => state === 'left out').map(({ name }) => name);
    const ofHosts = EVERY_ALERT.filter(({ alert }) => alert.needs.includes('node-exporter'));
    expect(ofHosts.length).toBeGreaterThan(0);
    expect(absent).toEqual(expect.arrayContaining(ofHosts.map(({ alert }) => alert.name)));
  });
});

describe('pgmon rules test', () => {
  it('writes rules and tests that name them', async () => {
    const { code, cwd, stdout } = await rules(['rules', 'test', '--write', 'out']);
    expect(code).toBe(0);
    expect(stdout).toContain(`promtool test rules ${path.join(cwd, 'out')}/*.yml`);
    const files = await readdir(path.join(cwd, 'out'), { recursive: true });
    expect(files).toEqual(expect.arrayContaining(['connections.yml', 'quiet-healthy.yml', 'rules']));
    const text = await readFile(path.join(cwd, 'out', 'rules/connections/pgmon-connections.yml'), 'utf8');
    expect(text).toMatch(/alert: "PostgreSQLTooManyConnections"[\s\S]*?> 0\.8[\s\S]*?for: "10m"/);
  });

  it('writes over its own files, but not over others', async () => {
    const { cwd } = await rules(['rules', 'test', '--write', 'out']);
    expect((await runCli(['rules', 'test', '--write', 'out'], { cwd })).code).toBe(0);
    await writeFile(path.join(cwd, 'out/connections.yml'), 'mine');
    const { code, stderr } = await runCli(['rules', 'test', '--write', 'out'], { cwd });
    expect(code).toBe(4);
    expect(stderr).toContain('refusing to overwrite what pgmon did not write');
    expect(await readFile(path.join(cwd, 'out/connections.yml'), 'utf8')).toBe('mine');
  });

  it('says what to do when there is no promtool', async () => {
    const { code, stderr } = await rules(['rules', 'test', '--promtool', '/opt/promtool']);
    expect(code).toBe(4);
    expect(stderr).toContain('cannot run /opt/promtool');
  });

  it('runs each test file once, names the failed alerts and exits 6', async () => {
    const ran: string[] = [];
    const exec: Exec = async (file, args) => {
      const test = path.basename(args[2] ?? '');
      if (args[0] === 'test') ran.push(test);
      const isBad = test === 'connections.yml';
      const stdout = isBad
        ? '  FAILED:\n    alertname: PostgreSQLTooManyConnections, time: 5m,\n'
        : 'SUCCESS\n';
      return {
        exitCode: isBad ? 1 : 0,
        stdout: args[0] === 'test' ? stdout : file,
        stderr: '',
        errorCode: null,
      };
    };
    const { code, stdout } = await rules(['rules', 'test', '--json'], exec);
    expect(code).toBe(6);
    expect(new Set(ran).size).toBe(ran.length);
    const { failedAlerts, ownThresholds, ownServers, notTested, alerts } = JSON.parse(stdout) as Tested;
    expect(failedAlerts).toEqual(['PostgreSQLTooManyConnections']);
    expect(ownThresholds).toEqual([
      { alert: 'PostgreSQLTooManyConnections', value: 70, text: '70 %', proved: '80 %' },
    ]);
    expect(ownServers).toEqual([
      { alert: 'PostgreSQLDown', servers: ['archive'] },
      { alert: 'PostgreSQLTooManyConnections', servers: ['orders'] },
    ]);
    expect(notTested).toContain('PostgreSQLHighRollbackRate');
    expect([...alerts, ...notTested].toSorted()).toEqual(ALERT_NAMES.toSorted());
  });

  it('is an error of the environment, not of the rules, when promtool itself breaks', async () => {
    const exec: Exec = async (_file, args) => ({
      exitCode: args[0] === 'test' ? 2 : 0,
      stdout: '',
      stderr: 'panic: out of memory',
      errorCode: null,
    });
    const { code, stderr } = await rules(['rules', 'test'], exec);
    expect(code).toBe(4);
    expect(stderr).toContain('panic: out of memory');
  });
});

interface Tested {
  readonly alerts: readonly string[];
  readonly failedAlerts: readonly string[];
  readonly ownThresholds: readonly unknown[];
  readonly ownServers: readonly unknown[];
  readonly notTested: readonly string[];
}

describe('pgmon runbook', () => {
  it('lists every alert when none is named', async () => {
    const { code, stdout } = await rules(['runbook']);
    expect(code).toBe(0);
    expect(ALERT_NAMES.filter((name) => !stdout.includes(`  ${name}\n`))).toEqual([]);
  });

  it('prints the page, however the name is written', async () => {
    const { code, stdout } = await rules(['runbook', 'postgresqldown']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^# PostgreSQLDown\n/);
  });

  it('suggests the nearest name for a typing error', async () => {
    const { code, stderr } = await rules(['runbook', 'PostgresDown']);
    expect(code).toBe(2);
    expect(stderr).toContain('did you mean `pgmon runbook PostgreSQLDown`?');
  });

  it('points to the list when no name is near', async () => {
    const { code, stderr } = await rules(['runbook', 'Weather']);
    expect(code).toBe(2);
    expect(stderr).toContain('list them with `pgmon runbook`');
  });
});
