/** The whole spec. Every object is strict, every key says what it is for. */
import * as z from 'zod';
import { API_VERSION } from '../../conventions.ts';
import { alerting, alertmanager } from './alerting.ts';
import {
  customMetrics,
  nodeExporter,
  postgresExporter,
  prometheus,
  retention,
  scrape,
  sqlExporter,
} from './collection.ts';
import { native } from './native.ts';
import { backup, drill, ha, healthcheck, kubernetes, limits, logs, longTerm, traces } from './operations.ts';
import { environmentName, labels, stackName } from './primitives.ts';
import { server, sloTargets } from './servers.ts';
import { images, versions } from './versions.ts';
import { dashboards, grafana, proxy } from './view.ts';

export const specSchema = z.strictObject({
  apiVersion: z.literal(API_VERSION).describe('Version of this format.'),
  name: stackName.describe('Name of the stack; part of every container, network, volume and unit name.'),
  runtime: z
    .enum(['docker', 'native'])
    .default('docker')
    .describe('What runs the services: containers or systemd.'),
  environment: environmentName.optional().describe('Label `environment` of servers that name none.'),
  datacenter: environmentName.optional().describe('Label `datacenter` of servers that name none.'),
  labels: labels.optional().describe("Labels on every server; a server's own win."),
  servers: z.array(server).min(1).describe('The PostgreSQL servers to watch.'),
  scrape: scrape.prefault({}).describe('How often targets are scraped and rules evaluated.'),
  retention: retention.prefault({}).describe('How long samples are kept.'),
  prometheus: prometheus.prefault({}).describe('Prometheus.'),
  postgresExporter: postgresExporter.prefault({}).describe('postgres_exporter, one for all servers.'),
  sqlExporter: sqlExporter
    .prefault({})
    .describe("pgmon's exporter for SQL: what postgres_exporter cannot see, and `customMetrics`."),
  nodeExporter: nodeExporter.prefault({}).describe('node_exporter: figures of machines.'),
  alertmanager: alertmanager.prefault({}).describe('Alertmanager.'),
  grafana: grafana.prefault({}).describe('Grafana.'),
  alerting: alerting.prefault({}).describe('Who is told about what.'),
  versions: versions
    .prefault({})
    .describe("Version of a component, where it is not to be pgmon's own choice."),
  images: images.prefault({}).describe("Image of a component, such as a mirror's."),
  healthcheck: healthcheck.prefault({}).describe('Health probes of the containers.'),
  limits: limits.prefault({}).describe('Limits for services whose own section names none.'),
  slo: sloTargets.optional().describe('Service level objectives of all servers.'),
  customMetrics: customMetrics.optional().describe('Metrics from SQL of your own.'),
  dashboards: dashboards
    .optional()
    .describe("More dashboards in Grafana, beside pgmon's: your own and those of grafana.com."),
  proxy: proxy.optional().describe('Reverse proxy with TLS in front.'),
  logs: logs.optional().describe('Logs.'),
  traces: traces.optional().describe('Traces.'),
  longTerm: longTerm.optional().describe("History beyond Prometheus' own."),
  ha: ha.optional().describe('Two of everything that must not stop.'),
  backup: backup.optional().describe('Backups.'),
  drill: drill.optional().describe('Fire drills.'),
  native: native.optional().describe('Settings of `runtime: native`.'),
  kubernetes: kubernetes.optional().describe('Resources for the Prometheus Operator.'),
});

/** A validated spec with defaults. */
export type Spec = z.output<typeof specSchema>;
export type ServerSpec = Spec['servers'][number];
export type ReceiverSpec = Spec['alerting']['receivers'][number];
