/** `pgmon dashboards export` and `diff` against a local server that answers in the documented shapes of Grafana's API. */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { formatDashboard } from '../../src/dashboards/canonical.ts';
import { createHttp } from '../../src/host/node-http.ts';
import { ADMIN, type FakeGrafana, startFakeGrafana } from '../support/fake-grafana.ts';
import { createTestDir } from '../support/fake-host.ts';
import { runCli } from '../support/run-cli.ts';

const panel = (expr: string) => ({ id: 1, type: 'stat', title: 'Orders', targets: [{ refId: 'A', expr }] });
const ORDERS = {
  uid: 'orders-1',
  title: 'Orders by shop',
  panels: [panel('orders_open')],
  schemaVersion: 42,
  iteration: 5,
};
const OWN = { uid: 'pgmon-fleet', title: '00-Fleet', panels: [] };

interface World {
  readonly cwd: string;
  readonly grafana: FakeGrafana;
  readonly run: (...words: readonly string[]) => ReturnType<typeof runCli>;
}

/** A stack whose Grafana listens where the local server does. */
async function createWorld({ password = ADMIN.password as string, port = 0 } = {}): Promise<World> {
  const cwd = await createTestDir();
  const grafana = await startFakeGrafana([ORDERS, OWN]);
  await writeFile(path.join(cwd, 'admin'), `${password}\n`);
  await writeFile(
    path.join(cwd, 'pgmon.yaml'),
    `apiVersion: pgmon/v1
name: shop
servers: [{name: orders, host: db1.example.com, password: {env: NOT_SET}}]
grafana: {port: ${port === 0 ? grafana.port : port}, adminPassword: {file: admin}}
`,
  );
  const run = (...words: readonly string[]) => runCli(['dashboards', ...words], { cwd, http: createHttp() });
  return { cwd, grafana, run };
}

const FILE = 'orders-by-shop.json';
const fileOf = ({ cwd }: World, name = FILE) => path.join(cwd, 'dashboards', name);

describe('pgmon dashboards export', () => {
  it("writes what people made, without pgmon's own and without Grafana's numbers", async () => {
    const world = await createWorld();
    const { code, stdout, stderr } = await world.run('export');
    expect(code, stderr).toBe(0);
    expect(stdout).toContain(`dashboards/${FILE}: Orders by shop (created)`);
    expect(await readdir(path.join(world.cwd, 'dashboards'))).toEqual([FILE]);
    const { iteration: _, ...kept } = ORDERS;
    expect(await readFile(fileOf(world), 'utf8')).toBe(formatDashboard(kept));
    expect(stdout + stderr).not.toContain(ADMIN.password);
  });

  it('writes nothing the second time, and after a change in Grafana that change alone', async () => {
    const world = await createWorld();
    await world.run('export');
    expect((await world.run('export')).stdout).toContain('dashboards is as Grafana has it');
    world.grafana.dashboards.set(ORDERS.uid, { ...ORDERS, title: 'Renamed', panels: [panel('orders_late')] });
    const { stdout } = await world.run('export', '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      dashboards: [{ file: FILE, uid: ORDERS.uid, title: 'Renamed', action: 'updated' }],
    });
    expect(await readdir(path.join(world.cwd, 'dashboards'))).toEqual([FILE]);
    expect(await readFile(fileOf(world), 'utf8')).toContain('orders_late');
  });

  it('writes those that are named, and keeps to files that others gave them', async () => {
    const world = await createWorld();
    world.grafana.dashboards.set('b', { uid: 'b', title: 'B', panels: [] });
    await mkdir(path.join(world.cwd, 'dashboards'));
    await writeFile(fileOf(world, 'mine.json'), JSON.stringify({ uid: 'b', title: 'Old', panels: [] }));
    expect((await world.run('export', 'b')).stdout).toContain('dashboards/mine.json: B (updated)');
    expect(await readdir(path.join(world.cwd, 'dashboards'))).toEqual(['mine.json']);
  });

  it('comes back the same from what it rendered', async () => {
    const world = await createWorld();
    await world.run('export');
    await runCli(['render'], { cwd: world.cwd });
    const rendered = path.join(world.cwd, '.pgmon/shop/grafana/more-dashboards', FILE);
    world.grafana.dashboards.set(ORDERS.uid, JSON.parse(await readFile(rendered, 'utf8')) as typeof ORDERS);
    expect((await world.run('diff')).code).toBe(0);
    expect((await world.run('export')).stdout).toContain('dashboards is as Grafana has it');
  });

  it('asks for more than one page where there are many', { timeout: 60_000 }, async () => {
    const world = await createWorld();
    for (let i = 0; i < 1005; i += 1)
      world.grafana.dashboards.set(`u${i}`, { uid: `u${i}`, title: `Board ${i}`, panels: [] });
    const { stdout } = await world.run('diff', '--json', 'u1004');
    expect(JSON.parse(stdout)).toMatchObject({ dashboards: [{ uid: 'u1004', status: 'only-in-grafana' }] });
  });

  it.each([
    [['export', 'pgmon-fleet'], 2, "pgmon-fleet is a dashboard of pgmon's own"],
    [['export', 'orders-2'], 2, 'there is no dashboard with the uid "orders-2"; did you mean "orders-1"?'],
    [['diff', '--without', 'grafana'], 2, 'this stack runs without Grafana'],
  ])('refuses `%s`', async (words, exitCode, seen) => {
    const { code, stderr } = await (await createWorld()).run(...words);
    expect(code).toBe(exitCode);
    expect(stderr).toContain(seen);
  });

  it('names no file after a uid that leads out of the directory', async () => {
    const world = await createWorld();
    const uid = '../../gone';
    world.grafana.dashboards.set(uid, { ...ORDERS, uid });
    const { code, stderr } = await world.run('export');
    expect(code).toBe(4);
    expect(stderr).toContain(`Grafana's dashboard ${uid} cannot be kept in a file: its uid is not of`);
    await expect(readdir(path.join(world.cwd, 'dashboards'))).rejects.toThrow('ENOENT');
  });

  it('lets no title of Grafana steer the terminal', async () => {
    const world = await createWorld();
    world.grafana.dashboards.set(ORDERS.uid, { ...ORDERS, title: 'a\u001b[2J\u009b2J' });
    expect((await world.run('diff')).stdout).toContain('a?[2J?2J');
    expect((await world.run('export')).stdout).toContain('a?[2J?2J');
  });

  it('says that Grafana does not take the password, without naming it', async () => {
    const { code, stdout, stderr } = await (await createWorld({ password: 'not-this-one' })).run('export');
    expect(code).toBe(4);
    expect(stderr).toContain('Grafana refused the admin login (HTTP 401)');
    expect(stdout + stderr).not.toContain('not-this-one');
  });

  it('says that nobody listens', async () => {
    const { code, stderr } = await (await createWorld({ port: 1 })).run('diff');
    expect(code).toBe(4);
    expect(stderr).toContain('cannot reach Grafana');
    expect(stderr).toContain('pgmon status');
  });
});

describe('pgmon dashboards diff', () => {
  it('ends with 0 when Grafana has what the files have', async () => {
    const world = await createWorld();
    await world.run('export');
    const { code, stdout } = await world.run('diff');
    expect({ code, stdout }).toEqual({ code: 0, stdout: '1 dashboard is in Grafana as in dashboards\n' });
  });

  it('shows a change line by line, and both kinds of absence, with exit code 10', async () => {
    const world = await createWorld();
    await world.run('export');
    world.grafana.dashboards.set(ORDERS.uid, { ...ORDERS, panels: [panel('orders_late')] });
    world.grafana.dashboards.set('new', { uid: 'new', title: 'New one', panels: [], folderTitle: 'Shop' });
    await writeFile(
      fileOf(world, 'later.json'),
      JSON.stringify({ uid: 'later', title: 'Later', panels: [] }),
    );
    const { code, stdout } = await world.run('diff');
    expect(code).toBe(10);
    expect(stdout).toContain('Orders by shop: changed in Grafana');
    expect(stdout).toMatch(/^-.*"orders_open"/m);
    expect(stdout).toMatch(/^\+.*"orders_late"/m);
    expect(stdout).toContain('New one: in Grafana only, in the folder Shop (uid new)');
    expect(stdout).toContain('Later: in dashboards/later.json only, not in Grafana yet');
    expect(stdout).toContain('take what Grafana has: pgmon dashboards export');
    expect(stdout).toContain('bring the files to Grafana: pgmon up');
    expect(stdout).not.toContain('00-Fleet');
    const json = await world.run('diff', '--json');
    expect(JSON.parse(json.stdout)).toMatchObject({
      differs: true,
      dashboards: [
        { uid: 'later', status: 'only-in-files', file: 'later.json' },
        { uid: 'new', status: 'only-in-grafana', file: null, folder: 'Shop' },
        { uid: ORDERS.uid, status: 'changed', file: FILE, patch: expect.stringContaining('+') },
      ],
    });
  });
});
