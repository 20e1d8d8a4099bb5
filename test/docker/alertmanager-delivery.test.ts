// What a real Alertmanager makes of the rendered rules: one message for an outage, causes before symptoms, mute times,
// and the dead man's switch.
import { afterEach, describe, expect, it } from 'vitest';
import type { Delivery, Route } from '../../src/stack/delivery.ts';
import { daemonMissing } from '../support/daemon.ts';
import { catalogueAlert, SERVER_SYMPTOMS, stackDelivering, webhook } from '../support/delivery-fixture.ts';
import { eventually } from '../support/eventually.ts';
import { type HttpSink, startHttpSink } from '../support/http-sink.ts';
import { type RunningAlertmanager, startAlertmanager } from '../support/running-alertmanager.ts';

interface Message {
  readonly status: string;
  readonly alerts: readonly {
    readonly status: string;
    readonly labels: Readonly<Record<string, string>>;
  }[];
}

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

interface World {
  readonly sink: HttpSink;
  readonly alertmanager: RunningAlertmanager;
  readonly messages: (path: string) => readonly Message[];
  /** Names in each message to a path, sorted. */
  readonly names: (path: string) => readonly (readonly string[])[];
}

/** An Alertmanager with a sink; `/people` is the default receiver. */
async function createWorld(delivery: (sink: HttpSink) => Partial<Delivery> = () => ({})): Promise<World> {
  const sink = await startHttpSink();
  cleanups.push(sink.close);
  const stack = stackDelivering({
    receivers: [webhook('people', `${sink.url}/people`)],
    defaultReceiver: 'people',
    ...delivery(sink),
  });
  const alertmanager = await startAlertmanager(stack);
  cleanups.push(alertmanager.remove);
  const messages = (path: string) => sink.to(path).map(({ body }) => JSON.parse(body) as Message);
  const names = (path: string) =>
    messages(path).map(({ alerts }) => alerts.map(({ labels }) => labels.alertname ?? '').sort());
  return { sink, alertmanager, messages, names };
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe.skipIf(daemonMissing !== null)(`delivery${daemonMissing ?? ''}`, () => {
  it('sends one message for a server with twelve ills, and one for each other server', async () => {
    const { alertmanager, names } = await createWorld();
    const ills = SERVER_SYMPTOMS.filter(
      (name) => !/Exhausted|Imminent|Broken|AtRisk|IdleIn|Failing$/.test(name),
    );
    const twelve = ['PostgreSQLTempFiles', 'PostgreSQLFrequentDeadlocks', ...ills].slice(0, 12);
    expect(new Set(twelve).size).toBeGreaterThan(10);
    await alertmanager.post([
      ...twelve.map((name) => catalogueAlert(name)),
      catalogueAlert('PostgreSQLTempFiles', { instance: 'billing' }),
    ]);
    await eventually(() => names('/people').length, 2, 30_000);
    await pause(2_000);
    const sizes = names('/people').map((one) => new Set(one).size);
    expect(sizes.sort((a, b) => a - b)).toEqual([1, new Set(twelve).size]);
  });

  it('sends only PostgreSQLDown while a server is down, and the rest when it is back', async () => {
    const { alertmanager, names } = await createWorld();
    const symptoms = SERVER_SYMPTOMS.map((name) => catalogueAlert(name));
    const down = catalogueAlert('PostgreSQLDown');
    await alertmanager.post([
      down,
      ...symptoms,
      catalogueAlert('PostgreSQLTempFiles', { instance: 'billing' }),
    ]);
    await eventually(() => names('/people').length, 2, 30_000);
    await pause(2_000);
    const [...seen] = names('/people').map((one) => one.join());
    expect(seen.sort()).toEqual(['PostgreSQLDown', 'PostgreSQLTempFiles']);
    await alertmanager.post([{ ...down, isOver: true }]);
    await eventually(() => names('/people').at(-1)?.includes('PostgreSQLTempFiles'), true, 30_000);
  });

  it('hides no server of another environment, and nothing without an instance', async () => {
    const { alertmanager, names } = await createWorld();
    const bare = { labels: { alertname: 'Bare', severity: 'warning', environment: 'prod' } };
    await alertmanager.post([
      catalogueAlert('PostgreSQLDown'),
      catalogueAlert('PostgreSQLTempFiles', { environment: 'staging' }),
      bare,
    ]);
    await eventually(
      () => names('/people').flat().sort(),
      ['Bare', 'PostgreSQLDown', 'PostgreSQLTempFiles'],
      30_000,
    );
  });

  it('keeps a server that is down apart from an exporter that is down', async () => {
    const { alertmanager, names } = await createWorld();
    const exporter = { environment: '', instance: 'postgres-exporter:9187', job: 'postgres-exporter' };
    await alertmanager.post([
      catalogueAlert('PostgreSQLExporterDown', exporter),
      catalogueAlert('ScrapeTargetDown', exporter),
      catalogueAlert('PostgreSQLSlowScrapeFailing'),
      catalogueAlert('PostgreSQLDown', { instance: 'billing' }),
    ]);
    await eventually(() => names('/people').length, 2, 30_000);
    await pause(2_000);
    expect(names('/people').flat().sort()).toEqual(['PostgreSQLDown', 'PostgreSQLExporterDown']);
  });

  it('sends the worse of two alerts about one database, and the milder one about another', async () => {
    const { alertmanager, messages } = await createWorld();
    const milder = 'PostgreSQLTransactionIdWraparound';
    await alertmanager.post([
      catalogueAlert('PostgreSQLTransactionIdWraparoundImminent', { datname: 'app' }),
      catalogueAlert(milder, { datname: 'app' }),
      catalogueAlert(milder, { datname: 'reports' }),
    ]);
    await eventually(() => messages('/people').length, 1, 30_000);
    const sent = messages('/people').flatMap(({ alerts }) =>
      alerts.map(({ labels }) => `${labels.alertname} ${labels.datname}`),
    );
    expect(sent.sort()).toEqual([`${milder} reports`, 'PostgreSQLTransactionIdWraparoundImminent app']);
  });

  it('stays silent in a mute time, and sends outside of one', async () => {
    const now = new Date();
    const today = now.toLocaleDateString('en', { weekday: 'long', timeZone: 'UTC' }).toLowerCase();
    const days = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
    // Around midnight both today and its neighbours are "now"; the day after tomorrow and the one after never are.
    const near = [-1, 0, 1].map((offset) => days[(days.indexOf(today) + offset + 7) % 7] ?? '');
    const far = days.filter((day) => !near.includes(day));
    const allDay = [{ from: '00:00', to: '24:00' }];
    const route = (receiver: string, mute: string): Route => ({
      receiver,
      match: {},
      continues: true,
      mute: [mute],
    });
    const { alertmanager, names } = await createWorld(({ url }) => ({
      receivers: ['muted', 'open'].map((name) => webhook(name, `${url}/${name}`)),
      defaultReceiver: null,
      routes: [route('muted', 'now'), route('open', 'later')],
      muteTimes: [
        { name: 'now', weekdays: near, times: allDay, location: 'UTC' },
        { name: 'later', weekdays: far, times: allDay, location: 'Europe/Berlin' },
      ],
    }));
    await alertmanager.post([catalogueAlert('PostgreSQLTempFiles')]);
    await eventually(() => names('/open'), [['PostgreSQLTempFiles']], 30_000);
    await pause(2_000);
    expect(names('/muted')).toEqual([]);
    expect(await alertmanager.read('/metrics')).toMatch(
      /alertmanager_notifications_suppressed_total\{.*reason="mute_time_interval".*\} [1-9]/,
    );
  });

  it("shows a sign of life exactly once an interval, to the dead man's switch alone", async () => {
    const { alertmanager, sink, names } = await createWorld(({ url }) => ({
      receivers: [webhook('people', `${url}/people`), webhook('heartbeat', `${url}/heartbeat`)],
      deadManSwitch: { receiver: 'heartbeat', intervalSeconds: 2 },
    }));
    const watchdog = catalogueAlert('Watchdog', { environment: '', instance: '' });
    await alertmanager.post([watchdog, catalogueAlert('PostgreSQLTempFiles')]);
    await eventually(() => Math.min(names('/heartbeat').length, 9), 9, 40_000);
    const times = sink.to('/heartbeat').map(({ atMs }) => atMs);
    const gaps = times.slice(1).map((at, index) => at - (times[index] ?? 0));
    // Over many intervals, so that one message which comes late weighs little; one left out would make the mean 2,250.
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
    expect(mean).toBeGreaterThan(1_800);
    expect(mean).toBeLessThan(2_200);
    expect(names('/people')).toEqual([['PostgreSQLTempFiles']]);
    const count = times.length;
    await alertmanager.post([{ ...watchdog, isOver: true }]);
    await pause(4_500);
    // "It is over" must not look like a sign of life; one may have been under way.
    expect(sink.to('/heartbeat').length).toBeLessThanOrEqual(count + 1);
    expect(sink.to('/heartbeat').every(({ body }) => (JSON.parse(body) as Message).status === 'firing')).toBe(
      true,
    );
  });

  it("sends the Watchdog to nobody without a dead man's switch", async () => {
    const { alertmanager, names } = await createWorld();
    await alertmanager.post([
      catalogueAlert('Watchdog', { environment: '', instance: '' }),
      catalogueAlert('PostgreSQLTempFiles'),
    ]);
    await eventually(() => names('/people').length, 1, 30_000);
    await pause(2_000);
    expect(names('/people')).toEqual([['PostgreSQLTempFiles']]);
  });
});
