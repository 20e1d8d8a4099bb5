/** What people look at: Grafana, dashboards, the proxy in front. */
import * as z from 'zod';
import { DEFAULT_DASHBOARDS_DIR } from '../../conventions.ts';
import { hostName } from './places.ts';
import { filePath, identifier, ipAddress, oneLine, port, serviceKeys } from './primitives.ts';
import { httpUrl, secret } from './secrets.ts';

export const grafana = z.strictObject({
  enabled: z.boolean().default(true).describe('Run Grafana.'),
  ...serviceKeys(3000, '512MiB'),
  adminUser: identifier.default('admin').describe('Name of the administrator.'),
  adminPassword: secret.default({ generate: true }).describe('Password of the administrator.'),
  secretKey: secret.default({ generate: true }).describe('Key that Grafana encrypts its own secrets with.'),
  rootUrl: httpUrl.optional().describe('Address under which people reach it; used in links.'),
});

export const dashboards = z.strictObject({
  community: z
    .array(
      z.strictObject({
        id: z.int().positive().describe('Id on grafana.com.'),
        revision: z.int().positive().describe('Revision; pgmon.lock.yaml keeps the checksum of what it was.'),
      }),
    )
    .default([])
    .describe(
      'Dashboards from grafana.com. `pgmon dashboards import` brings them into the directory; without their files nothing is rendered.',
    ),
  directory: filePath
    .default(DEFAULT_DASHBOARDS_DIR)
    .describe(
      "Directory with more dashboards: one file of Grafana's classic JSON each, named `*.json`, for Git.",
    ),
});

export const proxy = z.strictObject({
  kind: z.enum(['nginx', 'caddy']).default('caddy').describe('Which proxy.'),
  host: hostName.describe('Name under which people come.'),
  port: port.default(443).describe('Port on this machine.'),
  bind: ipAddress.default('0.0.0.0').describe('Address of this machine to listen on.'),
  tls: z
    .strictObject({
      cert: filePath.optional().describe('PEM file of the certificate.'),
      key: filePath.optional().describe('PEM file of its key.'),
      acmeEmail: oneLine.optional().describe('Address for certificates by ACME.'),
    })
    .optional()
    .describe('Certificate; one of files and ACME.'),
});
