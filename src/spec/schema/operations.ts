/** Running it: more than one machine, history, logs, backup, drills, Kubernetes. */
import * as z from 'zod';
import { duration, filePath, hostPort, memory, objectName, oneLine, secondsDuration } from './primitives.ts';
import { httpUrl, secret } from './secrets.ts';

export const healthcheck = z.strictObject({
  interval: secondsDuration.default('15s').describe("Time between two of a container's own health probes."),
});

export const limits = z.strictObject({
  memory: memory.optional().describe('Memory limit of each service whose own section names none.'),
  pids: z.int().min(16).max(100_000).optional().describe('Limit of processes and threads, likewise.'),
});

export const logs = z.strictObject({
  enabled: z.boolean().default(true).describe("Collect PostgreSQL's logs with Loki."),
  retention: duration.default('14d').describe('How long they are kept.'),
});

export const traces = z.strictObject({
  enabled: z.boolean().default(true).describe('Run Tempo.'),
  retention: duration.default('7d').describe('How long traces are kept.'),
});

export const longTerm = z.strictObject({
  kind: z.enum(['thanos', 'mimir', 'victoriametrics']).describe('Engine that keeps the history.'),
  url: httpUrl.optional().describe('Address of an engine that exists.'),
  objectStore: filePath.optional().describe('Configuration file of the object store.'),
});

export const ha = z.strictObject({
  replica: objectName.describe('Name of this machine among the replicas.'),
  peers: z.array(hostPort).default([]).describe("The other machines' Alertmanagers."),
  grafanaDatabase: z
    .strictObject({
      server: objectName.describe('Name of a server of this spec.'),
      password: secret.describe('Password.'),
    })
    .optional()
    .describe('Database that the Grafanas share.'),
});

export const backup = z.strictObject({
  directory: filePath.describe('Where backups go.'),
  schedule: oneLine.optional().describe('When, as a systemd calendar expression.'),
  keep: z.int().positive().default(7).describe('How many are kept.'),
  secrets: z.enum(['encrypt', 'exclude']).default('exclude').describe('What happens to secrets.'),
  passphrase: secret.optional().describe('For `secrets: encrypt`.'),
});

export const drill = z.strictObject({
  enabled: z.boolean().default(false).describe('Allow `pgmon drill` at all.'),
  faults: z
    .array(objectName)
    .optional()
    .describe('Faults that it may cause; default: those without data at risk.'),
});

export const kubernetes = z.strictObject({
  namespace: oneLine.default('monitoring').describe('Namespace of the resources.'),
  labels: z.record(z.string(), oneLine).default({}).describe('Labels that the operator selects by.'),
});
