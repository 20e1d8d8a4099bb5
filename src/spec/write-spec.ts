/** Writes the commented spec that `pgmon init` leaves behind. Pure: answers -> text. */
import { API_VERSION } from '../conventions.ts';
import { isLocalSocket } from '../stack/local-socket.ts';
import type { Runtime } from '../stack/stack.ts';

export interface ExistingServer {
  readonly kind: 'existing';
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password: { readonly kind: 'env' | 'file'; readonly value: string } | { readonly kind: 'none' };
}

export interface SpecAnswers {
  readonly name: string;
  readonly runtime: Runtime;
  readonly environment: string;
  readonly server: ExistingServer | { readonly kind: 'bundled'; readonly database: string };
  /** Null: alerts are shown, not sent. */
  readonly webhookUrl: string | null;
  readonly hasGrafana: boolean;
}

/** A YAML scalar: plain where that is safe in YAML 1.1 and 1.2, otherwise in double quotes. */
function scalar(text: string): string {
  const isPlain =
    /^[A-Za-z][A-Za-z0-9_.-]*$/.test(text) && !/^(?:y|n|yes|no|on|off|true|false|null|nan|inf)$/i.test(text);
  return isPlain ? text : JSON.stringify(text);
}

/** Name for a server from its address: `db1` for db1.example.com, the address itself for IPv4, `local` for a socket. */
export function serverNameFor(host: string): string {
  if (isLocalSocket({ host })) return 'local';
  const first = /^[\d.]+$/.test(host) ? host : (host.split('.')[0] ?? host);
  const name = first
    .replaceAll(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+/, '')
    .slice(0, 63);
  return name === '' ? 'server' : name;
}

function passwordLines({ password }: ExistingServer): readonly string[] {
  if (password.kind === 'none')
    return ['    # No password: the server must let this role in by itself (pg_hba.conf).'];
  const why =
    password.kind === 'env'
      ? '    # Read from the environment when pgmon runs; it never stands in this file.'
      : '    # Read from this file when pgmon runs; relative paths begin at this spec.';
  return [why, `    password: {${password.kind}: ${scalar(password.value)}}`];
}

/** On the socket there is no password to give, and nothing to encrypt. */
function socketLines(server: ExistingServer): readonly string[] {
  const password = server.password.kind === 'none' ? [] : passwordLines(server);
  return [
    '  # `name` becomes the label `instance`. This host is the directory of a Unix socket of this machine.',
    `  - name: ${scalar(serverNameFor(server.host))}`,
    `    host: ${scalar(server.host)}`,
    `    port: ${server.port}`,
    `    database: ${scalar(server.database)}`,
    '    # Role with pg_monitor and nothing more; `sudo pgmon role apply` makes it as the administrator below.',
    `    user: ${scalar(server.user)}`,
    ...password,
    ...(password.length === 0
      ? [
          '    # No password: peer authentication lets in the system user of the same name, which `pgmon up` makes.',
        ]
      : []),
    '    admin: {user: postgres}',
  ];
}

function serverLines(server: SpecAnswers['server']): readonly string[] {
  if (server.kind === 'bundled') {
    return [
      '  # A PostgreSQL that pgmon runs itself, with a little load so that there is something to see.',
      '  # For a server that exists, write `host: db1.example.com` instead of `bundled:`.',
      '  - name: demo',
      '    bundled:',
      `      database: ${scalar(server.database)}`,
      '      workload: {clients: 2, rate: 20, scale: 1}',
    ];
  }
  if (isLocalSocket(server)) return socketLines(server);
  return [
    '  # `name` becomes the label `instance`. `localhost` means this machine, also from inside containers.',
    `  - name: ${scalar(serverNameFor(server.host))}`,
    `    host: ${scalar(server.host)}`,
    `    port: ${server.port}`,
    `    database: ${scalar(server.database)}`,
    '    # Role with pg_monitor and nothing more; `pgmon render` writes the SQL that makes it (sql/).',
    `    user: ${scalar(server.user)}`,
    ...passwordLines(server),
    '    # Encrypt and verify: tls: {mode: verify-full, ca: certs/ca.pem}',
  ];
}

function alertingLines(webhookUrl: string | null): readonly string[] {
  if (webhookUrl === null) {
    return [
      '# Alerts are shown in Alertmanager and sent to nobody yet:',
      '# alerting:',
      '#   defaultReceiver: team',
      '#   receivers:',
      '#     - name: team',
      '#       webhook: {url: {env: ALERT_WEBHOOK_URL}}',
    ];
  }
  return [
    'alerting:',
    '  defaultReceiver: hook   # takes what no route takes',
    '  receivers:',
    '    - name: hook',
    `      webhook: {url: ${scalar(webhookUrl)}}`,
  ];
}

/** A spec that passes `pgmon validate`, with comments that explain it. */
export function writeSpec(answers: SpecAnswers): string {
  const lines = [
    '# What pgmon watches and runs. Every key: docs/spec.md. Completion in editors: `pgmon schema`.',
    `apiVersion: ${API_VERSION}`,
    `name: ${scalar(answers.name)}`,
    ...(answers.runtime === 'native'
      ? ['runtime: native   # systemd units of this machine instead of containers; see docs/native.md']
      : []),
    `environment: ${scalar(answers.environment)}   # label on everything that comes from the servers below`,
    '',
    'servers:',
    ...serverLines(answers.server),
    '',
    '# How long samples are kept; whichever is reached first.',
    'retention: {time: 30d, size: 50GB}',
    '',
    'grafana:',
    ...(answers.hasGrafana
      ? ['  adminPassword: {generate: true}   # made once and kept; `pgmon up` says where']
      : ['  enabled: false']),
    '',
    ...alertingLines(answers.webhookUrl),
  ];
  return `${lines.join('\n')}\n`;
}
