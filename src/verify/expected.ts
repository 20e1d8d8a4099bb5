/** Reads from the rendered files what a running Prometheus must show: targets, rule groups, Alertmanagers. Pure. */
import { parse } from 'yaml';
import type { RenderedFile } from '../stack/rendered-stack.ts';
import { asLabels, asList, asObject, asText, at } from './json.ts';

export const PROMETHEUS_CONFIG = 'prometheus/prometheus.yml';
export const ALERTMANAGER_CONFIG = 'alertmanager/alertmanager.yml';
/** Where Prometheus sees the output directory's `prometheus/`: in its container, or on this machine. */
const CONFIG_DIR = /^\/etc\/(?:pgmon\/[^/]+\/)?prometheus\//;

export interface ExpectedTarget {
  readonly job: string;
  /** `__address__` before relabelling. */
  readonly address: string;
  /** Labels that the scrape config gives it; those starting with `__` are left out. */
  readonly labels: Readonly<Record<string, string>>;
}

export interface ExpectedRuleGroup {
  readonly name: string;
  /** Below `prometheus/`, e.g. `rules/postgresql.yml`. */
  readonly file: string;
  readonly ruleCount: number;
}

export function findFile(files: readonly RenderedFile[], path: string): RenderedFile | null {
  return files.find((file) => file.path === path) ?? null;
}

function promConfig(files: readonly RenderedFile[]): unknown {
  const file = findFile(files, PROMETHEUS_CONFIG);
  return file === null ? {} : parse(file.content);
}

/** `/etc/prometheus/targets/*.json` or `targets/x.json` -> the rendered files it names. */
function filesMatching(files: readonly RenderedFile[], pattern: string): readonly RenderedFile[] {
  const local = pattern.replace(CONFIG_DIR, '');
  const source = `prometheus/${local}`
    .split('*')
    .map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'));
  const expression = new RegExp(`^${source.join('[^/]*')}$`);
  return files.filter((file) => expression.test(file.path));
}

function groupTargets(job: string, group: unknown): readonly ExpectedTarget[] {
  const own = Object.entries(asLabels(at(group, 'labels'))).filter(([name]) => !name.startsWith('__'));
  const labels = Object.fromEntries(own);
  return asList(at(group, 'targets')).map((target) => ({ job, address: asText(target), labels }));
}

/** Every target that the rendered scrape configs name, static and from files. */
export function expectedTargets(files: readonly RenderedFile[]): readonly ExpectedTarget[] {
  return asList(at(promConfig(files), 'scrape_configs')).flatMap((config) => {
    const job = asText(at(config, 'job_name'));
    const patterns = asList(at(config, 'file_sd_configs')).flatMap((sd) =>
      asList(at(sd, 'files')).map(asText),
    );
    const fromFiles = patterns.flatMap((pattern) =>
      filesMatching(files, pattern).flatMap((file) =>
        asList(file.path.endsWith('.json') ? JSON.parse(file.content) : parse(file.content)),
      ),
    );
    return [...asList(at(config, 'static_configs')), ...fromFiles].flatMap((group) =>
      groupTargets(job, group),
    );
  });
}

/** Every rule group of the rendered rule files. */
export function expectedRuleGroups(files: readonly RenderedFile[]): readonly ExpectedRuleGroup[] {
  const patterns = asList(at(promConfig(files), 'rule_files')).map(asText);
  const ruleFiles = new Set(patterns.flatMap((pattern) => filesMatching(files, pattern)));
  return [...ruleFiles].flatMap((file) =>
    asList(at(parse(file.content), 'groups')).map((group) => ({
      name: asText(asObject(group).name),
      file: file.path.slice('prometheus/'.length),
      ruleCount: asList(asObject(group).rules).length,
    })),
  );
}

/** `host:port` of every Alertmanager that the rendered configuration sends alerts to. */
export function expectedAlertmanagers(files: readonly RenderedFile[]): readonly string[] {
  return asList(at(promConfig(files), 'alerting', 'alertmanagers'))
    .flatMap((config) => asList(at(config, 'static_configs')))
    .flatMap((group) => asList(at(group, 'targets')).map(asText));
}
