/** What an alert of the catalogue is. Pure data: rendering puts thresholds in, adds the server's labels and writes the rule. */

export const FAMILIES = [
  'availability',
  'collection',
  'connections',
  'sessions',
  'transactions',
  'replication',
  'wal',
  'checkpoints',
  'vacuum',
  'integrity',
  'storage',
  'host',
  'stack',
] as const;
/** One file of the catalogue, one rule group and one rule file each. SLO rules are made by `catalog/slo`. */
export type Family = (typeof FAMILIES)[number];

/**
 * How often the figures of a family change: `slow` = at the slow interval, `recorded` = with the recording rules they rest on,
 * every 30 s. Evaluated more often, their rules would say the same again. Families that are not named follow the
 * evaluation interval.
 */
export const FAMILY_PACES: Readonly<Partial<Record<Family, 'slow' | 'recorded'>>> = {
  collection: 'slow',
  connections: 'recorded',
  sessions: 'slow',
  transactions: 'recorded',
  replication: 'slow',
  wal: 'slow',
  checkpoints: 'slow',
  vacuum: 'slow',
  integrity: 'slow',
  storage: 'slow',
};

export type Severity = 'critical' | 'warning' | 'info' | 'none';

/** How a threshold is written in the spec, in PromQL and in a sentence; see `thresholds.ts`. */
export type Unit =
  /** Spec 80, PromQL 0.8, text "80 %". */
  | 'percent'
  /** Spec and PromQL seconds, text "5 min". */
  | 'seconds'
  /** Spec and PromQL bytes, text "10 GiB". */
  | 'bytes'
  /** As it is. */
  | 'count'
  /** A bare factor, text "2 times". */
  | 'factor';

export interface Threshold {
  /** Default, in the spec's unit. */
  readonly value: number;
  readonly unit: Unit;
  /** The largest percentage that a spec may ask for; default 100 (1000 where the default is above 100). */
  readonly max?: number;
}

export interface AlertDefinition {
  /** PascalCase; `PostgreSQL` first when it is about a server. Unique. Also the name of its runbook. */
  readonly name: string;
  /**
   * `server`: each result carries `instance` = a server's name; rendering adds that server's other labels, and thresholds
   * and switches per server apply. `host` and `stack`: results keep the labels they have; only global choices apply.
   */
  readonly scope: 'server' | 'host' | 'stack';
  /** PromQL. `<limit>` stands for the threshold. Results must differ in their labels. Use names of `conventions.JOBS` for jobs. */
  readonly expr: string;
  /** Null = nothing to choose. */
  readonly threshold: Threshold | null;
  /** Prometheus duration; null = fires at once. */
  readonly for: string | null;
  readonly keepFiringFor: string | null;
  readonly severity: Severity;
  /** One line with the server. Prometheus' templates (`{{ $labels.instance }}`) are expanded; `<limit>` becomes the threshold in words. */
  readonly summary: string;
  /** What is so, with the value (`{{ $value | humanize }}`) and the server, and what it means. Same placeholders. */
  readonly description: string;
  /** SQL that shows the cause, to run on the server; null where SQL cannot help. One statement or more, PostgreSQL 13 to 18. */
  readonly sql: string | null;
  /** PostgreSQL major versions for which it can fire; null = all. */
  readonly versions: { readonly min: number | null; readonly max: number | null } | null;
  /** What of the stack it needs besides Prometheus; it is left out where that part is. */
  readonly needs: readonly ('sql-exporter' | 'node-exporter' | 'alertmanager' | 'grafana')[];
  /** Only for servers with this label of their own, such as `cluster`; null = for all. */
  readonly ownLabel: string | null;
  /** Why a healthy stack may lack its series, in words ("no replica", "archiving off"); null = they are always there. */
  readonly silentWhen: string | null;
}

type Optional =
  | 'threshold'
  | 'for'
  | 'keepFiringFor'
  | 'sql'
  | 'versions'
  | 'needs'
  | 'ownLabel'
  | 'silentWhen';
export type AlertInput = Omit<AlertDefinition, Optional> & Partial<Pick<AlertDefinition, Optional>>;

/** An alert with what its author left out filled in. */
export function defineAlert(input: AlertInput): AlertDefinition {
  return {
    threshold: null,
    for: null,
    keepFiringFor: null,
    sql: null,
    versions: null,
    needs: [],
    ownLabel: null,
    silentWhen: null,
    ...input,
  };
}
