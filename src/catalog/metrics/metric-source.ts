/** Where a metric comes from: what a rule that uses it rests on, and why a stack in good order may lack it. Pure data. */
import type { JOBS } from '../../conventions.ts';

type Job = (typeof JOBS)[keyof typeof JOBS];

export interface MetricSource {
  /** Matches whole metric names. */
  readonly names: RegExp;
  /** Null = every job, or Prometheus itself. */
  readonly job: Job | null;
  /** Collector of postgres_exporter, by its name in 0.20, that has to be on; null = none has a say. */
  readonly collector: string | null;
  /** True: only from exporter 0.20 on. False: only before. Null: both. */
  readonly isSince020: boolean | null;
  /** PostgreSQL major versions that have it; null = no bound. */
  readonly minVersion: number | null;
  readonly maxVersion: number | null;
  /** Why a stack in good order may lack it, in words ("no replica"); null = it is always there. */
  readonly absentWhen: string | null;
  /** Why matchers that are right may fit none of its series, in words; null = only `absentWhen`. */
  readonly unmatchedWhen: string | null;
}

type Optional = 'collector' | 'isSince020' | 'minVersion' | 'maxVersion' | 'absentWhen' | 'unmatchedWhen';
type Input = Omit<MetricSource, Optional | 'names'> &
  Partial<Pick<MetricSource, Optional>> & { readonly names: string };

/** A source with what its author left out filled in; `names` is a regular expression for whole names. */
export function defineSource({ names, ...input }: Input): MetricSource {
  return {
    names: new RegExp(`^(?:${names})$`),
    collector: null,
    isSince020: null,
    minVersion: null,
    maxVersion: null,
    absentWhen: null,
    unmatchedWhen: null,
    ...input,
  };
}
