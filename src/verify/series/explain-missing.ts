/** Why a selector of an alert or of a panel has no series: by design, because what gives it is down, or because nothing gives it. Pure. */
import { nativeName, resolveCollectors } from '../../catalog/collectors.ts';
import { fitsExporter, sourceOf } from '../../catalog/metrics/all-metrics.ts';
import type { MetricSource } from '../../catalog/metrics/metric-source.ts';
import { JOBS } from '../../conventions.ts';
import { collectorChoices } from '../../stack/collector-choices.ts';
import type { Stack } from '../../stack/stack.ts';
import type { Verdict } from './judge-expression.ts';

/** What is known about the running stack. */
export interface Seen {
  readonly stack: Pick<Stack, 'postgresExporter' | 'servers'>;
  /** Major versions of the servers; null = not known. */
  readonly majorVersions: readonly (number | null)[];
  /** Jobs none of whose targets gives samples, with the result that says why. */
  readonly downJobs: ReadonlyMap<string, string>;
}

export interface Missing {
  readonly metric: string;
  /** The whole selector. */
  readonly text: string;
  /** True when other series of the metric are there: its matchers fit none. */
  readonly hasMetric: boolean;
}

/** What the selector is wanted for. */
export interface Use {
  /** Why it may be without series there, in words; null = only for the reasons that hold everywhere. */
  readonly silentWhen: string | null;
  /** What one may do instead of turning a collector on: `name the alert under alerting.disabled`; null = nothing. */
  readonly instead: string | null;
}

/** Words for bounds that no server is within; null when one is or may be. */
export function versionReason(
  bounds: { readonly min: number | null; readonly max: number | null },
  majorVersions: Seen['majorVersions'],
): string | null {
  const { min, max } = bounds;
  const fits = (version: number | null) =>
    version === null || (version >= (min ?? 0) && version <= (max ?? Number.POSITIVE_INFINITY));
  if (majorVersions.some(fits) || (min === null && max === null)) return null;
  if (min === null) return `only PostgreSQL ${max} and older have it`;
  return max === null
    ? `only PostgreSQL ${min} and newer have it`
    : `only PostgreSQL ${min} to ${max} have it`;
}

/** The collector that is off and would have to be on, by the name that this exporter knows; null = none. */
function missingCollector(source: MetricSource, stack: Seen['stack']): string | null {
  if (source.collector === null) return null;
  const { version } = stack.postgresExporter.image;
  const name = nativeName(version, source.collector);
  // A collector that this version has no switch for always runs.
  return resolveCollectors(version, collectorChoices({ ...stack }))[name] === false ? name : null;
}

const REPORT = 'this is a bug of pgmon: please report it';

function dead(
  cause: Extract<Verdict, { readonly kind: 'dead' }>['cause'],
  detail: string,
  hint: string,
): Verdict {
  return { kind: 'dead', cause, detail, hint };
}

function explainAbsence(
  source: MetricSource,
  { metric, text, hasMetric }: Missing,
  reason: string | null,
): Verdict {
  const why = reason ?? source.absentWhen ?? (hasMetric ? source.unmatchedWhen : null);
  if (why !== null) return { kind: 'silent', reason: why };
  if (hasMetric) return dead('unmatched', `no series of ${metric} fits ${text}`, REPORT);
  const hint =
    source.job === null
      ? 'see `pgmon logs prometheus`'
      : `see what job ${source.job} gives: \`pgmon status\`, and the hop exporter above`;
  const from = source.collector === null ? '' : ` although collector ${source.collector} is on`;
  return dead('absent', `metric ${metric} missing${from}`, hint);
}

/** The verdict about one selector without series. */
export function explainMissing(seen: Seen, { silentWhen, instead }: Use, missing: Missing): Verdict {
  const { metric } = missing;
  const { version } = seen.stack.postgresExporter.image;
  const source = sourceOf(metric, version);
  if (source === null)
    return dead('unknown', `metric ${metric} missing: no part of the stack gives it`, REPORT);
  if (!fitsExporter(source, version)) {
    return {
      kind: 'inapplicable',
      of: 'version',
      reason: `postgres_exporter ${version} calls ${metric} otherwise`,
    };
  }
  const bounds = { min: source.minVersion, max: source.maxVersion };
  const wrongVersion = versionReason(bounds, seen.majorVersions);
  if (wrongVersion !== null) return { kind: 'inapplicable', of: 'version', reason: wrongVersion };
  const collector = missingCollector(source, seen.stack);
  if (collector !== null) {
    const steps = [
      `take ${collector} out of postgresExporter.collectors.disable, or add it to \`enable\``,
      ...(instead === null ? [] : [`or ${instead}`]),
      'then `pgmon up`',
    ];
    return dead('collector', `metric ${metric} missing, turn on collector ${collector}`, steps.join('; '));
  }
  const downBecause = seen.downJobs.get(source.job ?? JOBS.prometheus);
  if (downBecause !== undefined) return { kind: 'unseen', reason: downBecause };
  return explainAbsence(source, missing, silentWhen);
}
