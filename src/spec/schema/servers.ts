/** One PostgreSQL server of the spec: one that exists, or the bundled one. */
import * as z from 'zod';
import { serverHost } from './places.ts';
import {
  databaseName,
  duration,
  environmentName,
  filePath,
  identifier,
  ipAddress,
  labels,
  memory,
  objectName,
  port,
} from './primitives.ts';
import { givenSecret, secret } from './secrets.ts';

const SSL_MODES = ['disable', 'require', 'verify-ca', 'verify-full'] as const;

const workload = z.strictObject({
  clients: z.int().min(0).max(100).default(4).describe('pgbench clients; 0 = no workload.'),
  rate: z.int().min(1).max(10_000).default(50).describe('Transactions per second, all clients together.'),
  scale: z.int().min(1).max(1000).default(10).describe('pgbench scale factor; 10 makes about 150 MB.'),
});

const bundled = z.strictObject({
  database: databaseName
    .default('postgres')
    .describe('Database made on the first start; the workload runs in it.'),
  port: port.optional().describe('Port on this machine; not published when absent.'),
  bind: ipAddress.default('127.0.0.1').describe('Address of this machine to listen on, when `port` is set.'),
  superuserPassword: secret.default({ generate: true }).describe('Password of the superuser `postgres`.'),
  workload: workload.optional().describe('Steady load from pgbench, so that there is something to see.'),
  disposable: z
    .boolean()
    .default(false)
    .describe('Throw-away data: made without fsync, quicker to start. Never for data that matters.'),
  memory: memory.optional().describe('Memory limit; 1GiB when neither this nor `limits.memory` is set.'),
  pids: z.int().min(16).max(100_000).optional().describe('Limit of processes and threads.'),
});

const tls = z.strictObject({
  mode: z
    .enum(SSL_MODES)
    .optional()
    .describe(
      "libpq's sslmode. Default: `verify-full` when `ca` is set, else `disable` on this machine and `require` elsewhere.",
    ),
  ca: filePath
    .optional()
    .describe("PEM file of the certificate authority that signed the server's certificate."),
  cert: filePath.optional().describe('PEM file of the client certificate.'),
  key: filePath.optional().describe("PEM file of the client certificate's key."),
});

const admin = z.strictObject({
  user: identifier.default('postgres').describe('Role that may create roles and grant pg_monitor.'),
  password: givenSecret
    .optional()
    .describe(
      'Its password; only `pgmon role` reads it. Absent: it is asked for, or the server asks for none.',
    ),
});

/** Overrides of alerting for one server; the same keys stand in `alerting` for all. */
export const thresholds = z.record(
  z.string().regex(/^[A-Za-z][A-Za-z0-9]*$/, 'must be the name of an alerting rule'),
  z.strictObject({
    value: z.number().optional().describe("Threshold, in the unit that the rule's documentation names."),
    for: duration.optional().describe('How long the condition must hold.'),
    keepFiringFor: duration
      .optional()
      .describe('How long the alert goes on after the condition; keeps it from going to and fro.'),
    severity: z.enum(['critical', 'warning', 'info']).optional().describe('Severity label.'),
  }),
);

export const alertNames = z.array(
  z.string().regex(/^[A-Za-z][A-Za-z0-9]*$/, 'must be the name of an alerting rule'),
);

export const sloTargets = z.strictObject({
  availability: z
    .number()
    .gt(0)
    .lt(100)
    .default(99.9)
    .describe('Percent of time that the server must answer.'),
  window: duration.default('30d').describe('Time over which the objective counts.'),
  queryLatencyMs: z
    .number()
    .positive()
    .optional()
    .describe(
      'A call is fast when the mean time of its statement is at most this; no latency objective without it.',
    ),
  fastCalls: z
    .number()
    .gt(0)
    .lt(100)
    .default(99)
    .describe('Percent of calls that must be fast; counts only with `queryLatencyMs`.'),
});

/** A server is either `bundled` or has a `host`; cross-field checks see to it. */
export const server = z.strictObject({
  name: objectName.describe('Unique; becomes the label `instance`.'),
  host: serverHost
    .optional()
    .describe(
      'Host name or address. `localhost` is this machine, also seen from containers. Native only: the directory of the local socket, such as /var/run/postgresql.',
    ),
  port: port.default(5432).describe('Port of the server.'),
  database: databaseName
    .optional()
    .describe('Database to connect to; `postgres` unless the server is bundled.'),
  user: identifier.default('pgmon').describe('Monitoring role; needs pg_monitor and nothing more.'),
  password: secret.optional().describe('Password of the monitoring role; absent = the server asks for none.'),
  tls: tls.optional().describe('How the connection is secured.'),
  databases: z
    .union([z.literal('all'), z.array(databaseName).min(1)], {
      error: 'must be `all` or a list of database names',
    })
    .default('all')
    .describe('Databases whose tables, indexes and sequences are watched; `all` = the server is asked.'),
  via: z
    .enum(['direct', 'pgbouncer'])
    .default('direct')
    .describe("`pgbouncer`: host and port are a PgBouncer's."),
  role: z
    .enum(['auto', 'primary', 'replica'])
    .default('auto')
    .describe('What the server should be; `auto` = ask it.'),
  bundled: bundled.optional().describe('PostgreSQL that pgmon runs itself. At most one.'),
  admin: admin
    .optional()
    .describe('Login that `pgmon role apply` and `remove` use. A bundled server needs none.'),
  environment: environmentName.optional().describe("Label `environment`; default: the spec's own."),
  datacenter: environmentName.optional().describe("Label `datacenter`; default: the spec's own."),
  labels: labels.optional().describe('More labels on everything from this server.'),
  version: z
    .int()
    .min(10)
    .max(99)
    .optional()
    .describe(
      'PostgreSQL major version, 10 or newer. Needed only where metrics differ and nobody can ask the server.',
    ),
  thresholds: thresholds.optional().describe('Alert thresholds of this server, by rule.'),
  disabledAlerts: alertNames.optional().describe('Alerting rules that do not apply to this server.'),
  slo: sloTargets.optional().describe('Service level objectives of this server.'),
  drill: z.boolean().optional().describe('true: `pgmon drill` may break things on this server.'),
});
