/** What goes wrong with a native stack on a real systemd: upgrades, ports, rights. The machine is then as it was before. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type NativeWorld, STACK, startNativeWorld, unitOf } from '../support/native-world.ts';
import { systemdMissing } from '../support/systemd-image.ts';

const skipped = await systemdMissing();
const WAIT = { timeout: 60_000, interval: 200 } as const;

/** An upgrade that answers `--version` like the real one and dies as soon as it is run. */
const BROKEN_DIR = '/srv/broken';
const BROKEN = `${BROKEN_DIR}/node_exporter-1.12.0.linux-amd64.tar.gz`;
const MAKE_BROKEN = `
  dir=/tmp/node_exporter-1.12.0.linux-amd64
  mkdir -p "$dir" ${BROKEN_DIR}
  cat >"$dir/node_exporter" <<'END'
#!/bin/sh
[ "$1" = --version ] && { echo 'node_exporter, version 1.12.0 (branch: HEAD)'; exit 0; }
echo 'this release does not start' >&2
exit 3
END
  chmod 755 "$dir/node_exporter"
  tar -czf ${BROKEN} -C /tmp "$(basename "$dir")"
  cd ${BROKEN_DIR} && sha256sum *.tar.gz >sha256sums.txt
  rm -r "$dir"`;
const UPGRADE = [
  'versions: {nodeExporter: 1.12.0}',
  `native: {archives: /srv/archives, programs: {nodeExporter: {archive: ${BROKEN}}}}`,
];

/** Listens on a port of its own, like any program that was there first. */
const squat = (port: number) =>
  `systemd-run --quiet --unit=squatter node -e 'require("net").createServer().listen(${port}, "127.0.0.1")'
   timeout 30 sh -c 'until ss -Hltn | grep -q ":${port} "; do sleep 0.1; done'`;

let world: NativeWorld;

/** Data changes all the time. */
const listing = async () =>
  (await world.listing()).filter((line) => !line.startsWith(`/var/lib/pgmon/${STACK}/`));

async function pids(): Promise<Readonly<Record<string, number>>> {
  return Object.fromEntries(Object.entries(await world.units()).map(([name, unit]) => [name, unit.mainPid]));
}

describe.skipIf(skipped !== null)(`a native stack that fails${skipped ?? ''}`, () => {
  beforeAll(async () => {
    world = await startNativeWorld('native-fail');
    await world.shell(MAKE_BROKEN);
  });
  afterAll(() => world?.remove());

  test('nobody but root may bring it up, and is told the way out', async () => {
    const asPostgres = { user: 'postgres' };
    await world.writeFile('/tmp/pgmon.yaml', await world.shell('cat /root/monitoring/pgmon.yaml'));
    await world.writeFile('/tmp/tcp-password', 'x');
    const before = await world.listing();
    const { exitCode, stderr } = await world.pgmon(['up', '--yes', '-f', '/tmp/pgmon.yaml'], asPostgres);
    expect([exitCode, stderr]).toEqual([4, expect.stringMatching(/root[\s\S]*render --script/)]);
    expect(await world.listing()).toEqual(before);
  });

  test('asks for --yes where nobody can answer, after it has said what it will do', async () => {
    const before = await world.listing();
    const { exitCode, stdout, stderr } = await world.run('up');
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('--yes')]);
    for (const line of [
      'install program prometheus 3.5.3',
      `write file /etc/systemd/system/${unitOf('prometheus')}`,
      'create user pgmon-prometheus',
      'enable and start prometheus',
    ])
      expect(stdout + stderr).toContain(line);
    expect(await world.listing()).toEqual(before);
  });

  test('a machine on which services cannot read their credentials is refused with the remedy', async () => {
    const before = await world.listing();
    await world.shell('mount --make-rprivate /');
    const remedy = expect.stringMatching(/cannot hand passwords[\s\S]*hint: [^\n]*mount --make-rshared \//);
    expect(await world.run('up', '--yes')).toMatchObject({ exitCode: 4, stderr: remedy });
    const { stdout: script } = await world.run('render', '--script');
    expect(await world.exec(['sh'], { input: script })).toMatchObject({ exitCode: 4, stderr: remedy });
    expect(await world.listing()).toEqual(before);
    expect(await world.shell('systemctl --failed --no-legend')).toBe('');
    await world.shell('mount --make-rshared /');
    expect((await world.run('diff')).exitCode).toBe(10);
  });

  test('an archive with a wrong checksum is not unpacked', async () => {
    const before = await world.listing();
    const sha256 = 'f'.repeat(64);
    await world.writeSpec([`native: {archives: /srv/archives, programs: {prometheus: {sha256: ${sha256}}}}`]);
    const { exitCode, stderr } = await world.run('up', '--yes');
    expect([exitCode, stderr]).toEqual([expect.any(Number), expect.stringMatching(/sha256|checksum/)]);
    expect(exitCode).not.toBe(0);
    expect(await world.listing()).toEqual(before);
  });

  test('a first up that fails leaves only data of what had served, which purge removes', async () => {
    const before = await world.listing();
    await world.writeSpec(UPGRADE);
    const { exitCode, stderr } = await world.run('up', '--yes', '--timeout', '20s');
    expect([exitCode, stderr]).toEqual([5, expect.stringContaining('rolled back')]);
    expect(stderr).toContain('this release does not start');
    const left = (await world.listing()).filter((line) => !before.includes(line));
    expect(left.filter((line) => /^\/(opt|usr|etc\/(systemd|tmpfiles))/.test(line))).toEqual([]);
    const units = await world.exec(['systemctl', 'list-units', '--all', '--no-legend', 'pgmon*']);
    expect(units.stdout).toBe('');
    expect((await world.run('down', '--purge', '--volumes', '--yes')).exitCode).toBe(0);
    expect(await world.listing()).toEqual(before);
  });

  test('an upgrade that does not start is rolled back to the unit, the configuration and the program before it', async () => {
    await world.writeSpec();
    await world.up();
    const before = await listing();
    const pidsBefore = await pids();
    await world.writeSpec([...UPGRADE, 'alerting: {disabled: [PostgreSQLDown]}']);
    const { exitCode, stderr } = await world.run('up', '--yes', '--timeout', '20s');
    expect([exitCode, stderr]).toEqual([5, expect.stringContaining('rolled back')]);
    // The roll-back starts and reloads, and does not wait for what comes of it.
    const ask = (url: string) => async () => (await world.exec(['curl', '-fsS', url])).stdout;
    const metrics = ask('http://127.0.0.1:9100/metrics');
    await expect.poll(metrics, WAIT).toContain('node_exporter_build_info');
    await expect.poll(ask('http://127.0.0.1:9090/api/v1/rules'), WAIT).toContain('"PostgreSQLDown"');
    expect(await listing()).toEqual(before);
    const after = await pids();
    expect(Object.keys(after).filter((name) => after[name] !== pidsBefore[name])).toEqual(['node-exporter']);
  });

  test('the spec from before finds nothing to do after the roll-back', async () => {
    await world.writeSpec();
    expect((await world.run('diff')).stdout).toContain('up to date');
  });

  test('a port that another program has is named before anything changes', async () => {
    const before = await listing();
    await world.shell(squat(9555));
    await world.writeSpec(['nodeExporter: {port: 9555}']);
    const { exitCode, stderr } = await world.run('up', '--yes');
    expect([exitCode, stderr]).toEqual([4, expect.stringMatching(/9555[\s\S]*(node|squatter)/)]);
    expect(await listing()).toEqual(before);
    await world.shell('systemctl stop squatter');
  });

  test('settings of a drop-in are kept by up, and by purge', async () => {
    const dropIn = `/etc/systemd/system/${unitOf('alertmanager')}.d/own.conf`;
    await world.writeFile(dropIn, '[Service]\nCPUWeight=50\n');
    await world.writeSpec(['alertmanager: {memory: 96MiB}']);
    await world.up();
    const weight = await world.shell(`systemctl show --value --property=CPUWeight ${unitOf('alertmanager')}`);
    expect(weight.trim()).toBe('50');
    expect((await world.run('down', '--purge', '--volumes', '--yes')).exitCode).toBe(0);
    expect(await world.shell(`cat ${dropIn}`)).toContain('CPUWeight=50');
  });
});
