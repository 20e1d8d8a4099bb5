// What each kind of receiver is sent, taken from a real Alertmanager by local servers and held against the service's format.
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Receiver } from '../../src/stack/delivery.ts';
import { judgeAlertmanager } from '../../src/verify/hops/alertmanager.ts';
import { daemonMissing } from '../support/daemon.ts';
import { catalogueAlert } from '../support/delivery-fixture.ts';
import { eventually } from '../support/eventually.ts';
import { createFullStack } from '../support/full-stack-fixture.ts';
import { type HttpSink, type SinkRequest, startHttpSink } from '../support/http-sink.ts';
import { renderForTest, textOf } from '../support/rendering.ts';
import { type RunningAlertmanager, startAlertmanager } from '../support/running-alertmanager.ts';
import { type SmtpSink, startSmtpSink } from '../support/smtp-sink.ts';
import { runTool } from '../support/tools.ts';

const whySkipped =
  daemonMissing ?? (spawnSync('openssl', ['version']).status === 0 ? null : ' (skipped: needs openssl)');

const SECRETS = {
  slack: 'slack-t0ken-1111',
  teams: 'teams-t0ken-2222',
  discord: 'discord-t0ken-3333',
  hook: 'hook-t0ken-4444',
  telegram: '5555:telegram-t0ken',
  pagerduty: 'pagerdutykey6666pagerdutykey6666',
  mail: 'mail-passw0rd-7777',
} as const;

/** One receiver of each kind, all of them at the sinks. */
function receiversAt(http: HttpSink, tls: SmtpSink, plain: SmtpSink): readonly Receiver[] {
  const sendResolved = true;
  const mail = { kind: 'email', from: 'pgmon@example.com', sendResolved } as const;
  const host = 'host.docker.internal';
  return [
    { kind: 'webhook', name: 'open-hook', url: `${http.url}/open`, urlSecret: null, sendResolved },
    { kind: 'webhook', name: 'hook', url: null, urlSecret: 'hook', sendResolved },
    { kind: 'slack', name: 'slack', urlSecret: 'slack', channel: '#databases', sendResolved },
    { kind: 'teams', name: 'teams', urlSecret: 'teams', sendResolved },
    { kind: 'discord', name: 'discord', urlSecret: 'discord', sendResolved },
    {
      kind: 'telegram',
      name: 'telegram',
      tokenSecret: 'telegram',
      chatId: -1001234,
      apiUrl: `${http.url}/telegram/`,
      sendResolved,
    },
    {
      kind: 'pagerduty',
      name: 'pagerduty',
      routingKeySecret: 'pagerduty',
      apiUrl: `${http.url}/pagerduty/v2/enqueue`,
      sendResolved,
    },
    {
      ...mail,
      name: 'mail',
      to: ['dba@example.com', 'ops@example.com'],
      smarthost: `${host}:${tls.port}`,
      user: 'pgmon',
      passwordSecret: 'mail',
      requireTls: true,
    },
    {
      ...mail,
      name: 'plain-mail',
      to: ['dba@example.com'],
      smarthost: `${host}:${plain.port}`,
      user: null,
      passwordSecret: null,
      requireTls: false,
    },
    {
      ...mail,
      name: 'refused-mail',
      to: ['nobody@example.com'],
      smarthost: `${host}:${plain.port}`,
      user: null,
      passwordSecret: null,
      requireTls: true,
    },
  ];
}

const RUNBOOKS = 'https://runbooks.example.com';
const down = catalogueAlert('PostgreSQLDown', { team: 'payments' }, RUNBOOKS);
/** Everything that a chat service or HTML could take for its own. */
const HOSTILE = {
  labels: { alertname: 'Odd', severity: 'warning', instance: 'o<b>&"x', environment: 'prod' },
  annotations: {
    summary: 'a <b>bold</b> & "quoted" value < 5\nBcc: nobody@example.com',
    description: `<script>${'x & <y> '.repeat(2000)}`,
    runbook: 'pgmon runbook Odd',
    sql: `SELECT 1 WHERE 1 < 2 AND '${'y'.repeat(5000)}' > ''`,
  },
};
const MANY = Array.from({ length: 60 }, (_, index) => ({
  labels: {
    alertname: `Many${index}`,
    severity: index === 59 ? 'critical' : 'warning',
    instance: 'many',
    environment: 'prod',
  },
  annotations: { ...HOSTILE.annotations, summary: `${index} ${HOSTILE.annotations.summary}` },
}));

describe.skipIf(whySkipped !== null)(`what receivers are sent${whySkipped ?? ''}`, () => {
  let http: HttpSink;
  let tls: SmtpSink;
  let plain: SmtpSink;
  let certs: string;
  let alertmanager: RunningAlertmanager;
  const base = createFullStack();
  const stackOf = () =>
    createFullStack({
      delivery: {
        ...base.delivery,
        groupBy: ['environment', 'instance'],
        groupWait: 1,
        groupInterval: 1,
        receivers: receiversAt(http, tls, plain),
        defaultReceiver: null,
        routes: receiversAt(http, tls, plain).map(({ name }) => ({
          receiver: name,
          match: {},
          continues: true,
          mute: [],
        })),
        muteTimes: [],
        deadManSwitch: null,
      },
    });

  beforeAll(async () => {
    certs = await mkdtemp(path.join(os.tmpdir(), 'pgmon-test-'));
    const [key, cert] = [path.join(certs, 'key.pem'), path.join(certs, 'cert.pem')];
    const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2'];
    const subject = [
      '-subj',
      '/CN=host.docker.internal',
      '-addext',
      'subjectAltName=DNS:host.docker.internal',
    ];
    execFileSync('openssl', [...request, ...subject, '-keyout', key, '-out', cert], { stdio: 'ignore' });
    execFileSync('chmod', ['-R', 'a+rX', certs]);
    http = await startHttpSink();
    tls = await startSmtpSink({ cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') });
    plain = await startSmtpSink(null);
    alertmanager = await startAlertmanager(stackOf(), {
      secrets: {
        hook: `${http.url}/hook/${SECRETS.hook}`,
        slack: `${http.url}/slack/${SECRETS.slack}`,
        teams: `${http.url}/teams/${SECRETS.teams}`,
        discord: `${http.url}/discord/${SECRETS.discord}`,
        telegram: SECRETS.telegram,
        pagerduty: SECRETS.pagerduty,
        mail: SECRETS.mail,
      },
      runOptions: ['-v', `${cert}:/ca.pem:ro`, '-e', 'SSL_CERT_FILE=/ca.pem'],
    });
    await alertmanager.post([down]);
    await received(1);
    await alertmanager.post([{ ...down, isOver: true }]);
    await received(2);
    await alertmanager.post([HOSTILE]);
    await received(3);
    await alertmanager.post(MANY);
    await received(4);
    await eventually(() => http.to('/slack').at(-1)?.body.includes('Many59'), true, 60_000);
  }, 300_000);

  /** Resolves once every receiver has so many messages, or more: sixty alerts may come in two. */
  async function received(count: number): Promise<void> {
    const paths = ['/open', '/hook', '/slack', '/teams', '/discord', '/telegram', '/pagerduty'];
    const counts = () =>
      [...paths.map((at) => http.to(at).length), tls.mails.length, plain.mails.length].map((seen) =>
        Math.min(seen, count),
      );
    await eventually(
      counts,
      Array.from({ length: 9 }, () => count),
      60_000,
    ).catch(async (error: unknown) => {
      throw new Error(await alertmanager.logs(), { cause: error });
    });
  }

  afterAll(async () => {
    await alertmanager?.remove();
    await Promise.all([http?.close(), tls?.close(), plain?.close()]);
    await rm(certs, { recursive: true, force: true });
  });

  const jsonOf = (request: SinkRequest | undefined) => JSON.parse(request?.body ?? 'null');
  const bodies = (at: string) => http.to(at).map(jsonOf);

  it("webhook: Alertmanager's own document, version 4", () => {
    const [firing, over] = http.to('/open');
    expect(firing).toMatchObject({ method: 'POST', path: '/open' });
    expect(firing?.headers['content-type']).toBe('application/json');
    expect(jsonOf(firing)).toMatchObject({
      version: '4',
      status: 'firing',
      receiver: 'open-hook',
      groupLabels: { environment: 'prod', instance: 'orders' },
      externalURL: 'https://alerts.example.com/am',
      alerts: [{ status: 'firing', labels: down.labels, annotations: down.annotations }],
    });
    expect(jsonOf(over)).toMatchObject({ status: 'resolved', alerts: [{ status: 'resolved' }] });
    expect(http.to('/hook').map(({ path: at }) => at)).toContain(`/hook/${SECRETS.hook}`);
  });

  it('slack: one attachment with title, text and colour, `&`, `<` and `>` escaped', () => {
    const [firing, over, hostile, many] = bodies('/slack');
    expect(http.to('/slack')[0]).toMatchObject({ method: 'POST', path: `/slack/${SECRETS.slack}` });
    expect(firing).toMatchObject({ channel: '#databases', username: 'pgmon' });
    expect(firing.attachments).toMatchObject([
      {
        title: 'CRITICAL: PostgreSQL server orders does not answer [prod]',
        title_link: 'https://alerts.example.com/am/#/alerts?receiver=slack',
        color: 'danger',
      },
    ]);
    const [{ text }] = firing.attachments;
    expect(text).toContain('*PostgreSQLDown* (critical): PostgreSQL server orders does not answer\n');
    expect(text).toContain(
      '<https://runbooks.example.com/PostgreSQLDown|Runbook> or `pgmon runbook PostgreSQLDown`',
    );
    expect(text).toContain(`<${down.generatorURL}|Graph>`);
    expect(over.attachments).toMatchObject([
      { color: 'good', text: 'Over: PostgreSQL server orders does not answer\n' },
    ]);
    const odd = hostile.attachments[0];
    expect(odd).toMatchObject({
      color: 'warning',
      title: expect.stringContaining('a &lt;b&gt;bold&lt;/b&gt; &amp; "quoted" value &lt; 5 Bcc:') as string,
    });
    expect(odd.text).toContain("```SELECT 1 WHERE 1 &lt; 2 AND 'yyy");
    expect(odd.text).not.toMatch(/<(?!https?:)/);
    expect(many.attachments[0].text.length).toBeLessThan(8000);
  });

  it('slack: five alerts at most, the critical one first, and how many there are', () => {
    const text: string = bodies('/slack').at(-1).attachments[0].text;
    expect(text.match(/^\*Many\d+\*/gm)).toHaveLength(5);
    expect(text).toMatch(/^\*Many59\* \(critical\)/);
    expect(text).toMatch(/^\d\d alerts fire, 5 are listed\.$/m);
  });

  it('teams: an Adaptive Card below 28 KB', () => {
    const [firing, over, , many] = bodies('/teams');
    expect(http.to('/teams')[0]).toMatchObject({ method: 'POST', path: `/teams/${SECRETS.teams}` });
    const content = firing.attachments[0];
    expect(firing.type).toBe('message');
    expect(content.contentType).toBe('application/vnd.microsoft.card.adaptive');
    expect(content.content).toMatchObject({
      type: 'AdaptiveCard',
      body: [
        { type: 'TextBlock', text: 'CRITICAL: PostgreSQL server orders does not answer [prod]' },
        {
          type: 'TextBlock',
          text: expect.stringContaining('[Runbook](https://runbooks.example.com/PostgreSQLDown)') as string,
        },
      ],
    });
    expect(over.attachments[0].content.body[0].text).toMatch(/^RESOLVED: /);
    expect(JSON.stringify(many).length).toBeLessThan(220_000);
  });

  it('discord: an embed within its limits of 256 and 4096 characters', () => {
    const [firing, over, hostile, many] = bodies('/discord');
    expect(http.to('/discord')[0]).toMatchObject({ method: 'POST', path: `/discord/${SECRETS.discord}` });
    expect(firing.embeds).toMatchObject([
      {
        title: 'CRITICAL: PostgreSQL server orders does not answer [prod]',
        description: expect.stringContaining('**PostgreSQLDown** (critical)') as string,
      },
    ]);
    expect(over.embeds[0].title).toMatch(/^RESOLVED: /);
    expect(hostile.embeds[0].description).toContain("```sql\nSELECT 1 WHERE 1 < 2 AND 'yyy");
    for (const { embeds } of [firing, over, hostile, many]) {
      expect(embeds[0].title.length).toBeLessThanOrEqual(256);
      expect(embeds[0].description.length).toBeLessThanOrEqual(4096);
      expect(embeds[0].description).not.toMatch(/\u2026$/);
    }
  });

  it('telegram: sendMessage with whole HTML of at most 4096 characters', () => {
    expect(http.to('/telegram')[0]).toMatchObject({
      method: 'POST',
      path: `/telegram/bot${SECRETS.telegram}/sendMessage`,
    });
    const [firing, over, hostile, many] = bodies('/telegram');
    expect(firing).toMatchObject({ chat_id: '-1001234', parse_mode: 'HTML' });
    expect(firing.text).toContain('<a href="https://runbooks.example.com/PostgreSQLDown">Runbook</a>');
    expect(over.text).toMatch(/^<b>RESOLVED: /);
    expect(hostile.text).toContain('<pre>SELECT 1 WHERE 1 &lt; 2 AND');
    for (const { text } of [firing, over, hostile, many]) {
      expect(text.length).toBeLessThanOrEqual(4096);
      // Each tag that is opened is one that Telegram knows, and is closed.
      const tags = [...text.matchAll(/<(\/?)(\w+)[^>]*>/g)].map(([, slash, tag]) => `${slash}${tag}`);
      for (const [index, tag] of tags.entries()) {
        expect(['b', 'a', 'code', 'pre']).toContain(tag.replace('/', ''));
        if (!tag.startsWith('/')) expect(tags[index + 1]).toBe(`/${tag}`);
      }
    }
  });

  it('pagerduty: an event of the Events API v2, resolved under the same key', () => {
    const [firing, over, hostile, many] = bodies('/pagerduty');
    expect(http.to('/pagerduty')[0]).toMatchObject({ method: 'POST', path: '/pagerduty/v2/enqueue' });
    expect(firing).toMatchObject({
      routing_key: SECRETS.pagerduty,
      event_action: 'trigger',
      client: 'pgmon',
      client_url: 'https://alerts.example.com/am/#/alerts?receiver=pagerduty',
      links: [{ href: 'https://runbooks.example.com/PostgreSQLDown', text: 'Runbook' }],
      payload: {
        summary: 'CRITICAL: PostgreSQL server orders does not answer [prod]',
        source: 'orders',
        severity: 'critical',
        class: 'PostgreSQLDown',
        component: 'orders',
        group: 'prod',
        custom_details: {
          num_firing: 1,
          runbook: expect.stringContaining('pgmon runbook PostgreSQLDown') as string,
        },
      },
    });
    expect(over).toMatchObject({ event_action: 'resolve', dedup_key: firing.dedup_key });
    expect(hostile.payload.severity).toBe('warning');
    expect(hostile.payload.custom_details.sql).toContain('SELECT 1 WHERE');
    expect(many.payload.summary.length).toBeLessThanOrEqual(1024);
    expect(JSON.stringify(many).length).toBeLessThan(512 * 1024);
  });

  it('email: text and HTML, over TLS with the password, the subject on one line', () => {
    const [firing, over, hostile, many] = tls.mails;
    expect(firing).toMatchObject({
      from: 'pgmon@example.com',
      to: ['dba@example.com', 'ops@example.com'],
      isEncrypted: true,
      login: `pgmon\0${SECRETS.mail}`,
    });
    const text = decodeMail(firing?.text ?? '');
    expect(text).toContain('Subject: CRITICAL: PostgreSQL server orders does not answer [prod]\n');
    expect(text).toContain('Content-Type: text/plain; charset=UTF-8');
    expect(text).toContain('Content-Type: text/html; charset=UTF-8');
    expect(text).toContain(down.annotations?.description);
    expect(text).toContain('server orders, environment prod, since ');
    expect(text).toContain(
      'Runbook: pgmon runbook PostgreSQLDown https://runbooks.example.com/PostgreSQLDown\n',
    );
    expect(text).toContain(`Graph: ${down.generatorURL}`);
    expect(text).toContain('<a href="https://alerts.example.com/am/#/alerts?receiver=mail">Alertmanager</a>');
    expect(decodeMail(over?.text ?? '')).toContain(
      'Over:\nPostgreSQLDown: PostgreSQL server orders does not answer (until ',
    );
    const odd = decodeMail(hostile?.text ?? '');
    expect(odd.slice(0, odd.indexOf('\n\n'))).not.toMatch(/^Bcc:/m);
    const html = odd.slice(odd.indexOf('<!DOCTYPE'));
    expect(html).toContain('a &lt;b&gt;bold&lt;/b&gt; &amp; &#34;quoted&#34; value &lt; 5');
    expect(html).not.toContain('<script>');
    expect(many?.text.length).toBeLessThan(1024 ** 2);
  });

  it('email: without TLS and login only where the spec says so', async () => {
    expect(plain.mails[0]).toMatchObject({ to: ['dba@example.com'], isEncrypted: false, login: null });
    expect(plain.mails.flatMap(({ to }) => to)).not.toContain('nobody@example.com');
    expect(await alertmanager.logs()).toContain('does not advertise the STARTTLS extension');
  });

  it('runs exactly what was rendered, and says so as `pgmon check` reads it', async () => {
    const rendered = textOf(renderForTest(stackOf()), 'alertmanager/alertmanager.yml');
    const status: unknown = JSON.parse(await alertmanager.read('/api/v2/status'));
    expect(judgeAlertmanager(status, await alertmanager.read('/metrics'), rendered)).toBeNull();
  });

  it('shows no secret in its environment, configuration, status, metrics or log', async () => {
    const { output: inspected } = await runTool('docker', ['inspect', alertmanager.name]);
    const shown = await Promise.all(
      ['/api/v2/status', '/metrics', '/api/v2/receivers'].map(alertmanager.read),
    );
    const files = renderForTest(stackOf()).files.map(({ content }) => content);
    const everything = [inspected, await alertmanager.logs(), ...shown, ...files].join('\n');
    expect(Object.values(SECRETS).filter((value) => everything.includes(value))).toEqual([]);
  });
});

/** Quoted-printable as text; the headers in front stay as they are. */
function decodeMail(text: string): string {
  return text
    .replace(/=\n/g, '')
    .replace(/(?:=[0-9A-F]{2})+/g, (codes) => Buffer.from(codes.replaceAll('=', ''), 'hex').toString('utf8'));
}
