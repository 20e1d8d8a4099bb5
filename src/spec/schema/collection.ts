/** How metrics are collected and kept: scraping, retention, Prometheus and the exporters. */
import * as z from 'zod';
import {
  durationOrNone,
  filePath,
  hostPort,
  identifier,
  labels,
  objectName,
  oneLine,
  secondsDuration,
  serviceKeys,
  sizeOrNone,
} from './primitives.ts';
import { givenSecret, httpUrl, secret } from './secrets.ts';

export const scrape = z.strictObject({
  interval: secondsDuration.default('15s').describe('Time between two scrapes of a target; 2m at most.'),
  timeout: secondsDuration
    .optional()
    .describe('A scrape that takes longer fails; default 10s, or the interval when shorter.'),
  slowInterval: secondsDuration
    .optional()
    .describe(
      'Time between two scrapes of what changes slowly or costs much, 2m at most; default 60s, or the interval when longer.',
    ),
  evaluationInterval: secondsDuration
    .default('15s')
    .describe(
      'Time between two evaluations of the rules, 2m at most; rules whose figures change less often are evaluated less often.',
    ),
});

export const retention = z.strictObject({
  time: durationOrNone
    .default('30d')
    .describe('How long samples are kept; `none` = until `size` is reached.'),
  size: sizeOrNone
    .default('50GB')
    .describe(
      'How much disk they may take, oldest go first; `none` = no limit. Stay below 80 % of the disk.',
    ),
});

/** User and password for a web endpoint. */
const basicAuth = z.strictObject({
  user: identifier
    .regex(/^[^:]*$/, 'must not contain `:`')
    .default('admin')
    .describe('User name.'),
  password: secret.default({ generate: true }).describe('Password.'),
});

const webTls = z.strictObject({
  cert: filePath.describe('PEM file of the certificate, with intermediates.'),
  key: filePath.describe('PEM file of its key.'),
  ca: filePath
    .optional()
    .describe('PEM file of the authority that signed it, when the system does not know it.'),
  serverName: oneLine.default('localhost').describe('Name that the certificate is checked against.'),
});

const remoteWrite = z.strictObject({
  name: objectName.optional().describe("Name in Prometheus' own metrics."),
  url: httpUrl.describe('Endpoint that takes remote write.'),
  basicAuth: z
    .strictObject({ user: identifier.describe('User name.'), password: givenSecret.describe('Password.') })
    .optional()
    .describe('User and password.'),
  bearerToken: givenSecret.optional().describe('Token.'),
});

export const prometheus = z.strictObject({
  ...serviceKeys(9090, '1GiB (more with over 150 servers: 5MiB each)'),
  basicAuth: basicAuth.optional().describe('Ask for a user and a password. Health probes then use them too.'),
  tls: webTls.optional().describe('Serve HTTPS.'),
  externalUrl: httpUrl.optional().describe('Address under which people reach it; used in links.'),
  externalLabels: labels.optional().describe('Labels on everything that leaves Prometheus.'),
  remoteWrite: z.array(remoteWrite).optional().describe('Endpoints to send every sample to.'),
});

const collectorNames = z.array(
  z.string().regex(/^[a-z][a-z0-9_]*$/, 'must be the name of a collector of postgres_exporter'),
);

export const postgresExporter = z.strictObject({
  ...serviceKeys(9187, '256MiB'),
  collectors: z
    .strictObject({
      enable: collectorNames.default([]).describe('Collectors to turn on besides those that pgmon turns on.'),
      disable: collectorNames.default([]).describe('Collectors to turn off.'),
    })
    .prefault({})
    .describe('What the exporter reads from each server.'),
  tableMetrics: z
    .boolean()
    .default(false)
    .describe(
      "true: also the exporter's own series for every table of the database that `database` names; about 29 a table.",
    ),
});

export const sqlExporter = z.strictObject({
  enabled: z
    .boolean()
    .default(true)
    .describe('Run the exporter for what postgres_exporter cannot see; some alerts need it.'),
  ...serviceKeys(9399, '192MiB'),
  topTables: z
    .int()
    .min(0)
    .max(1000)
    .default(50)
    .describe('The largest tables and indexes of each database that get series of their own.'),
  maxDatabases: z
    .int()
    .min(1)
    .max(1000)
    .default(100)
    .describe('At most so many databases of one server are read, the largest first.'),
});

export const nodeExporter = z.strictObject({
  enabled: z.boolean().default(true).describe('Run node_exporter for this machine.'),
  ...serviceKeys(9100, '128MiB'),
  targets: z
    .array(
      z.strictObject({
        address: hostPort.describe("host:port of another machine's node_exporter."),
        labels: labels.default({}).describe('Labels on everything from it.'),
      }),
    )
    .default([])
    .describe('node_exporters of other machines to scrape as well.'),
});

export const customMetrics = z.array(
  z.strictObject({
    name: z
      .string()
      .regex(/^[a-z_][a-z0-9_]*$/, 'must be lower-case letters, digits and `_`')
      .describe('Metric name.'),
    help: oneLine.describe('What it says.'),
    type: z.enum(['gauge', 'counter']).default('gauge').describe('Kind of metric.'),
    query: z
      .string()
      .min(1)
      .describe(
        'One SELECT, run read-only in the database that `database` of the server names; the monitoring role needs the right to read what it reads.',
      ),
    value: identifier.describe('Column with the value.'),
    labels: z.array(identifier).default([]).describe('Columns that become labels.'),
    interval: secondsDuration.default('60s').describe('Time between two runs.'),
    minVersion: z
      .int()
      .min(10)
      .max(99)
      .optional()
      .describe('Oldest PostgreSQL major version that it works on.'),
    servers: z.array(objectName).optional().describe('Servers to run it on; default: all.'),
  }),
);
