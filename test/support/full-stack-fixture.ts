/** A stack that uses everything rendering knows: several servers, TLS, basic auth, every kind of receiver. */
import type { Receiver } from '../../src/stack/delivery.ts';
import type { Stack } from '../../src/stack/stack.ts';
import { createServer, createStack } from './stack-fixture.ts';

export const EVERY_RECEIVER: readonly Receiver[] = [
  { kind: 'webhook', name: 'hook', url: 'https://hooks.example.com/pg', urlSecret: null, sendResolved: true },
  {
    kind: 'webhook',
    name: 'secret-hook',
    url: null,
    urlSecret: 'receivers.secret-hook.url',
    sendResolved: false,
  },
  { kind: 'slack', name: 'chat', urlSecret: 'receivers.chat.url', channel: '#databases', sendResolved: true },
  {
    kind: 'email',
    name: 'mail',
    to: ['dba@example.com', 'ops@example.com'],
    from: 'pgmon@example.com',
    smarthost: 'smtp.example.com:587',
    user: 'pgmon',
    passwordSecret: 'receivers.mail.password',
    requireTls: true,
    sendResolved: true,
  },
  {
    kind: 'pagerduty',
    name: 'pager',
    routingKeySecret: 'receivers.pager.routingKey',
    apiUrl: 'https://events.example.com/v2/enqueue',
    sendResolved: true,
  },
  { kind: 'teams', name: 'team', urlSecret: 'receivers.team.url', sendResolved: true },
  {
    kind: 'telegram',
    name: 'gram',
    tokenSecret: 'receivers.gram.token',
    chatId: -1001234,
    apiUrl: 'https://telegram.example.com',
    sendResolved: true,
  },
  { kind: 'discord', name: 'cord', urlSecret: 'receivers.cord.url', sendResolved: false },
  {
    kind: 'webhook',
    name: 'heartbeat',
    url: null,
    urlSecret: 'receivers.heartbeat.url',
    sendResolved: true,
  },
];

export function createFullStack(overrides: Partial<Stack> = {}): Stack {
  const base = createStack();
  return createStack({
    name: 'everything',
    servers: [
      ...base.servers,
      createServer({
        name: 'orders',
        host: 'localhost',
        scrapeHost: 'host.docker.internal',
        database: 'orders',
        user: 'monitor',
        sslMode: 'verify-full',
        tls: { ca: 'servers.orders.tls.ca', cert: 'servers.orders.tls.cert', key: 'servers.orders.tls.key' },
        labels: { environment: 'prod', datacenter: 'fra1', team: 'payments' },
      }),
      createServer({
        name: 'v6',
        host: '2001:db8::1',
        scrapeHost: '2001:db8::1',
        password: null,
        labels: {},
      }),
    ],
    postgresExporter: {
      ...base.postgresExporter,
      collectors: { stat_statements: false, wal: false },
      dropTableMetrics: true,
    },
    prometheus: {
      ...base.prometheus,
      externalUrl: 'https://metrics.example.com/prometheus/',
      web: {
        basicAuth: {
          user: 'admin',
          password: 'prometheus.basicAuth.password',
          passwordHash: 'prometheus.basicAuth.passwordHash',
        },
        tls: {
          cert: 'prometheus.tls.cert',
          key: 'prometheus.tls.key',
          ca: 'prometheus.tls.ca',
          serverName: 'metrics.example.com',
        },
      },
    },
    delivery: {
      ...base.delivery,
      receivers: EVERY_RECEIVER,
      defaultReceiver: 'hook',
      routes: [
        {
          receiver: 'pager',
          match: { environment: 'prod', severity: 'critical' },
          continues: true,
          mute: [],
        },
        { receiver: 'mail', match: {}, continues: false, mute: ['nights'] },
      ],
      muteTimes: [
        {
          name: 'nights',
          weekdays: ['monday', 'tuesday', 'sunday'],
          times: [
            { from: '00:00', to: '06:30' },
            { from: '22:00', to: '24:00' },
          ],
          location: 'Europe/Berlin',
        },
      ],
      deadManSwitch: { receiver: 'heartbeat', intervalSeconds: 60 },
    },
    nodeExporter: base.nodeExporter && {
      ...base.nodeExporter,
      remoteTargets: [{ address: '10.0.0.5:9100', labels: { rack: 'r1' } }],
    },
    alertmanager: base.alertmanager && {
      ...base.alertmanager,
      externalUrl: 'https://alerts.example.com/am/',
    },
    grafana: base.grafana && { ...base.grafana, rootUrl: 'https://grafana.example.com/' },
    ...overrides,
  });
}
