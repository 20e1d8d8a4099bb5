/** The parts of Prometheus' HTTP API that checks and status read, as typed data. */
import { durationMs, instantMs } from './duration.ts';
import { asLabels, asList, asText, at } from './json.ts';

export interface ScrapedTarget {
  readonly job: string;
  readonly address: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly health: 'up' | 'down' | 'unknown';
  readonly lastError: string;
  /** Null before the first scrape. */
  readonly lastScrapeMs: number | null;
  readonly durationMs: number;
  readonly intervalMs: number | null;
  readonly timeoutMs: number | null;
}

export interface LoadedRuleGroup {
  readonly name: string;
  readonly file: string;
  readonly intervalMs: number;
  /** Null before the first evaluation. */
  readonly lastEvaluationMs: number | null;
  readonly rules: readonly { readonly name: string; readonly health: string; readonly lastError: string }[];
}

export interface ActiveAlert {
  readonly name: string;
  readonly state: 'firing' | 'pending';
  readonly labels: Readonly<Record<string, string>>;
  readonly summary: string;
  readonly activeSinceMs: number | null;
}

export interface RuntimeInfo {
  readonly isLastReloadGood: boolean;
  readonly configLoadedMs: number | null;
}

const HEALTHS: Readonly<Record<string, ScrapedTarget['health']>> = { up: 'up', down: 'down' };

/** `/api/v1/targets?state=active`. */
export function readTargets(body: unknown): readonly ScrapedTarget[] {
  return asList(at(body, 'data', 'activeTargets')).map((target) => ({
    job: asText(at(target, 'scrapePool')),
    address: asText(at(target, 'discoveredLabels', '__address__')),
    labels: asLabels(at(target, 'labels')),
    health: HEALTHS[asText(at(target, 'health'))] ?? 'unknown',
    lastError: asText(at(target, 'lastError')),
    lastScrapeMs: instantMs(asText(at(target, 'lastScrape'))),
    durationMs: Number(asText(at(target, 'lastScrapeDuration'))) * 1000,
    intervalMs: durationMs(asText(at(target, 'scrapeInterval'))),
    timeoutMs: durationMs(asText(at(target, 'scrapeTimeout'))),
  }));
}

/** `/api/v1/rules`. */
export function readRuleGroups(body: unknown): readonly LoadedRuleGroup[] {
  return asList(at(body, 'data', 'groups')).map((group) => ({
    name: asText(at(group, 'name')),
    file: asText(at(group, 'file')),
    intervalMs: Number(asText(at(group, 'interval'))) * 1000,
    lastEvaluationMs: instantMs(asText(at(group, 'lastEvaluation'))),
    rules: asList(at(group, 'rules')).map((rule) => ({
      name: asText(at(rule, 'name')),
      health: asText(at(rule, 'health')),
      lastError: asText(at(rule, 'lastError')),
    })),
  }));
}

/** `/api/v1/alerts`. */
export function readAlerts(body: unknown): readonly ActiveAlert[] {
  return asList(at(body, 'data', 'alerts')).map((alert) => {
    const { alertname = '', ...labels } = asLabels(at(alert, 'labels'));
    const annotations = asLabels(at(alert, 'annotations'));
    return {
      name: alertname,
      state: asText(at(alert, 'state')) === 'firing' ? 'firing' : 'pending',
      labels,
      summary: annotations.summary ?? annotations.description ?? '',
      activeSinceMs: instantMs(asText(at(alert, 'activeAt'))),
    };
  });
}

/** `/api/v1/alertmanagers`: `host:port` of those that alerts are sent to. */
export function readActiveAlertmanagers(body: unknown): readonly string[] {
  return asList(at(body, 'data', 'activeAlertmanagers')).map((each) => {
    const url = asText(at(each, 'url'));
    return URL.canParse(url) ? new URL(url).host : url;
  });
}

/** `/api/v1/status/runtimeinfo`. */
export function readRuntimeInfo(body: unknown): RuntimeInfo {
  return {
    isLastReloadGood: at(body, 'data', 'reloadConfigSuccess') === true,
    configLoadedMs: instantMs(asText(at(body, 'data', 'lastConfigTime'))),
  };
}
