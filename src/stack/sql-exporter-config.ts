/** What pgmon writes for its SQL exporter and the exporter reads: servers without secrets, and the queries. Types only. */
import type { SqlQuery } from '../catalog/sql-queries/sql-query.ts';
import type { SslMode } from './stack.ts';

export interface ExporterServer {
  /** Value of the parameter `server`. */
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  /** Files, as the exporter's process sees them; null where there is none. */
  readonly passwordFile: string | null;
  readonly caFile: string | null;
  readonly certFile: string | null;
  readonly keyFile: string | null;
  readonly sslMode: SslMode;
  /** Databases for queries of scope `database`; `all` = the server is asked. */
  readonly databases: 'all' | readonly string[];
}

export interface ExporterQuery extends SqlQuery {
  /** Names of servers; null = every server. */
  readonly servers: readonly string[] | null;
  /** Never put into one statement with others: somebody else wrote it. */
  readonly runsAlone: boolean;
}

export interface SqlExporterConfig {
  /** Where it listens; without it, everywhere. */
  readonly address?: string;
  readonly port: number;
  /** At most so many databases of a server are read, the largest first. */
  readonly maxDatabases: number;
  readonly servers: readonly ExporterServer[];
  readonly queries: readonly ExporterQuery[];
}
