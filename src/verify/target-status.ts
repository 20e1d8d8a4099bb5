/** How each expected target stands right now, as Prometheus sees it; a probed server counts as up only if PostgreSQL answers. */
import { JOBS } from '../conventions.ts';
import { expectedTargets } from './expected.ts';
import { matchTargets } from './hops/target.ts';
import { asLabels, asList, at } from './json.ts';
import { readTargets, type ScrapedTarget } from './prometheus-api.ts';
import { isServerJob } from './target-service.ts';
import { askJson } from './verify-context.ts';

export interface TargetStatus {
  readonly job: string;
  readonly instance: string;
  readonly health: ScrapedTarget['health'] | 'absent';
  readonly lastScrapeAgeMs: number | null;
  readonly scrapeDurationMs: number | null;
  readonly error: string | null;
}

/** Servers that the exporter could not log in to at the last scrape: the probe answers (`up` is 1) and says so in pg_up. */
const SILENT_SERVERS = `pg_up{job="${JOBS.postgresql}"} == 0`;

/** One server that is down is one problem: its other jobs point at the first. */
function silenceOf(job: string): string {
  return job === JOBS.postgresql
    ? 'pg_up is 0: the exporter cannot query PostgreSQL; see `pgmon check`'
    : `the server is down: see job ${JOBS.postgresql}`;
}

/** `/api/v1/query` of an instant vector: the label `instance` of each sample. */
function readInstances(body: unknown): ReadonlySet<string> {
  const samples = asList(at(body, 'data', 'result'));
  return new Set(samples.map((sample) => asLabels(at(sample, 'metric')).instance ?? '').filter(Boolean));
}

export async function observeTargets(
  context: Parameters<typeof askJson>[0],
  files: Parameters<typeof expectedTargets>[0],
  nowMs: number,
): Promise<readonly TargetStatus[]> {
  const [targets, silent] = await Promise.all([
    askJson(context, 'prometheus', { path: '/api/v1/targets?state=active' }),
    askJson(context, 'prometheus', { path: `/api/v1/query?query=${encodeURIComponent(SILENT_SERVERS)}` }),
  ]);
  const silentServers = readInstances(silent);
  return matchTargets(expectedTargets(files), readTargets(targets)).map(({ expected, scraped }) => {
    const instance = scraped?.labels.instance ?? expected.labels.instance ?? expected.address;
    const isSilent = isServerJob(expected.job) && silentServers.has(instance);
    const error = isSilent ? silenceOf(expected.job) : null;
    const wasScraped = scraped?.lastScrapeMs != null;
    return {
      job: expected.job,
      instance,
      health: isSilent ? 'down' : (scraped?.health ?? 'absent'),
      lastScrapeAgeMs: wasScraped ? nowMs - (scraped.lastScrapeMs ?? nowMs) : null,
      scrapeDurationMs: wasScraped ? scraped.durationMs : null,
      error: error ?? (scraped?.lastError || null),
    };
  });
}
