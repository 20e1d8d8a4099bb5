/** What a real fault is: something broken on a real server, the alert that must arrive, and the repair. */
import type { PostgresServer } from '../postgres-versions.ts';

/** What the monitoring role logs in with. */
export const MONITOR_PASSWORD = 'fault-monitor-1';

export const FAULT_SERVERS = [
  'stopped',
  'login',
  'full',
  'sessions',
  'traffic',
  'cold',
  'primary',
  'replica',
  'slots',
  'wal',
  'vacuum',
] as const;
/** Names of the servers in the spec, each broken in its own way so that faults do not disturb each other. */
export type FaultServerName = (typeof FAULT_SERVERS)[number];

export type FaultServers = Readonly<Record<FaultServerName, PostgresServer>>;

export interface Fault {
  /** In words, for the test's name and the documentation. */
  readonly what: string;
  readonly alert: string;
  /** The label `instance` of the alert. */
  readonly instance: FaultServerName;
  /** Faults of one lane run one after the other. */
  readonly lane: string;
  /** Threshold through the spec, where the default would take too long to reach. */
  readonly value?: number;
  /** Breaks it; what it returns repairs it. */
  readonly provoke: (servers: FaultServers) => Promise<() => Promise<void>>;
}
