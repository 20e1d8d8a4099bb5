/** What one query of the SQL exporter is: SQL, when and where it runs, and the metrics that its columns become. */

export interface SqlMetric {
  /** Also the result's column. */
  readonly name: string;
  readonly help: string;
  readonly type: 'gauge' | 'counter';
}

export interface SqlQuery {
  /** Unique; value of the label `query` of the exporter's own metrics. */
  readonly name: string;
  /** `server`: once, over the connection to the server's own database. `database`: in every watched database; the label `datname` is added. */
  readonly scope: 'server' | 'database';
  /** A scrape that comes sooner gets the last result. */
  readonly intervalSeconds: number;
  /** One statement that takes no lock a user's DDL would wait for; `<top>` stands for the number of tables. */
  readonly sql: string;
  /** Columns that become labels; text. */
  readonly labels: readonly string[];
  /** A NULL in a metric's column gives no sample. */
  readonly metrics: readonly SqlMetric[];
  /** PostgreSQL major version it works from and to; null = any. */
  readonly minVersion: number | null;
  readonly maxVersion: number | null;
  /** Only where the server is that just now; null = both. */
  readonly role: 'primary' | 'replica' | null;
}
