/** What a recording rule of the catalogue is: one figure that alerts and dashboards share. */

export interface RecordingDefinition {
  /** `level:metric:operations`, e.g. `instance:pg_stat_database_blks_hit:ratio_rate5m`; level = the labels that are left. */
  readonly record: string;
  readonly expr: string;
  /** What the figure is, with its unit. */
  readonly meaning: string;
  /** Left out where this part of the stack is. */
  readonly needs?: readonly ('sql-exporter' | 'node-exporter')[];
}

/** Rules of one interval, evaluated one after the other: a rule may use those before it. */
export interface RecordingGroup {
  /** Rule group and file name. */
  readonly name: string;
  /** `slow` = the stack's slow interval, at which its figures come. */
  readonly intervalSeconds: number | 'slow';
  readonly rules: readonly RecordingDefinition[];
}
