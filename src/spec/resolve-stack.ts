/** Spec -> stack: every default, name, port, image and secret id decided. Pure: reads no file, asks nobody. */
import type { Lock } from '../stack/lock.ts';
import type { Stack } from '../stack/stack.ts';
import { placeProblems, type SpecDocument } from './document.ts';
import type { SpecIssue } from './issues.ts';
import { findNotYetProblems } from './not-yet.ts';
import { resolveAlertChoices } from './resolve/alerts.ts';
import { resolveDashboards } from './resolve/dashboards.ts';
import { resolveImage } from './resolve/images.ts';
import { resolveNative } from './resolve/native.ts';
import { createSecretBook } from './resolve/secrets.ts';
import { resolveServers } from './resolve/servers.ts';
import {
  type Resolving,
  resolveAlertmanager,
  resolveDelivery,
  resolveGrafana,
  resolveNodeExporter,
  resolvePostgres,
  resolvePostgresExporter,
  resolvePrometheus,
  resolveSqlExporter,
} from './resolve/services.ts';
import { findWarnings } from './resolve/warnings.ts';
import { findWithoutIssues, isLeftOut } from './resolve/without.ts';
import type { Spec } from './schema/spec.ts';
import { durationSeconds } from './units.ts';

export interface ResolveOptions {
  /** Absolute directory of the spec; relative paths in it start here. */
  readonly specDir: string;
  readonly lock: Lock;
  /** Names of services to leave out of this run. */
  readonly without: readonly string[];
}

export type ResolveResult =
  | { readonly ok: true; readonly stack: Stack; readonly warnings: readonly string[] }
  | { readonly ok: false; readonly issues: readonly SpecIssue[] };

const DEFAULT_TIMEOUT_SECONDS = 10;
const DEFAULT_SLOW_SECONDS = 60;

function resolveScrape({ scrape }: Spec): Stack['scrape'] {
  const intervalSeconds = durationSeconds(scrape.interval) ?? 0;
  const timeoutSeconds =
    scrape.timeout === undefined
      ? Math.min(DEFAULT_TIMEOUT_SECONDS, intervalSeconds)
      : (durationSeconds(scrape.timeout) ?? 0);
  return {
    intervalSeconds,
    timeoutSeconds,
    evaluationIntervalSeconds: durationSeconds(scrape.evaluationInterval) ?? 0,
    slowIntervalSeconds:
      scrape.slowInterval === undefined
        ? Math.max(DEFAULT_SLOW_SECONDS, intervalSeconds)
        : (durationSeconds(scrape.slowInterval) ?? 0),
  };
}

function specNameOf(file: string): string {
  return file.slice(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1);
}

function buildStack(document: SpecDocument, { specDir, lock, without }: ResolveOptions): Stack {
  const { spec, file } = document;
  const secrets = createSecretBook(specDir);
  const resolving: Resolving = { spec, lock, secrets, hasWorkload: !isLeftOut('workload', without) };
  const stack = {
    name: spec.name,
    runtime: spec.runtime,
    native: null,
    specName: specNameOf(file),
    externalLabels: { ...spec.prometheus.externalLabels, stack: spec.name },
    scrape: resolveScrape(spec),
    healthcheckIntervalSeconds: durationSeconds(spec.healthcheck.interval) ?? 0,
    servers: resolveServers(spec, resolveImage(spec, lock, 'postgres'), secrets),
    postgres: resolvePostgres(resolving),
    postgresExporter: resolvePostgresExporter(resolving),
    sqlExporter:
      spec.sqlExporter.enabled && !isLeftOut('sql-exporter', without) ? resolveSqlExporter(resolving) : null,
    prometheus: resolvePrometheus(resolving),
    alerts: {
      ...resolveAlertChoices(spec.alerting.thresholds, spec.alerting.disabled),
      engine: spec.alerting.engine,
      runbookUrl: spec.alerting.runbookUrl?.replace(/\/+$/, '') ?? null,
    },
    delivery: resolveDelivery(resolving),
    alertmanager:
      spec.alerting.engine === 'alertmanager' &&
      spec.alertmanager.enabled &&
      !isLeftOut('alertmanager', without)
        ? resolveAlertmanager(resolving)
        : null,
    nodeExporter:
      spec.nodeExporter.enabled && !isLeftOut('node-exporter', without)
        ? resolveNodeExporter(resolving)
        : null,
    grafana: spec.grafana.enabled && !isLeftOut('grafana', without) ? resolveGrafana(resolving) : null,
    dashboards: resolveDashboards(spec, specDir),
  };
  const whole: Stack = { ...stack, secrets: secrets.list() };
  return spec.runtime === 'native' ? { ...whole, native: resolveNative(spec, whole) } : whole;
}

/** Resolves a parsed spec, or answers with everything that this version of pgmon cannot do for it. */
export function resolveStack(document: SpecDocument, options: ResolveOptions): ResolveResult {
  const { spec, file, locate } = document;
  const issues = [
    ...findWithoutIssues(options.without, file),
    ...placeProblems(findNotYetProblems(spec), file, locate),
  ];
  if (issues.length > 0) return { ok: false, issues };
  const stack = buildStack(document, options);
  return { ok: true, stack, warnings: findWarnings(spec, stack) };
}
