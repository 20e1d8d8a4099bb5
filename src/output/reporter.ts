/** How the engine speaks: events while it works, one result at the end. Implementations decide how it looks. */
import type { PgmonError } from '../errors.ts';
import type { OutStream } from '../host/host.ts';

export interface ProgressEvent {
  /** `prometheus`, `image prom/prometheus:v3.5.3`, `file prometheus/prometheus.yml`. */
  readonly resource: string;
  /** `pull`, `create`, `start`, `wait`, `reload`, `remove`, `write`, `roll back`. */
  readonly action: string;
  readonly status: 'started' | 'progress' | 'done' | 'failed';
  /** Short, for a person: `12 of 80 MB`. Never a secret. */
  readonly detail?: string;
}

/** What a command hands back: text for people, json for programs, and the exit code. */
export interface CommandResult {
  readonly exitCode: number;
  /** Goes to stdout as it is; empty = nothing. */
  readonly text: string;
  /** Becomes `{ schemaVersion: 1, command, ok, ...json }` with `--json`. */
  readonly json: Readonly<Record<string, unknown>>;
}

export interface Reporter {
  event(event: ProgressEvent): void;
  /** One line on stderr; kept for `--json` as `warnings[]`. */
  warn(message: string): void;
  /** A plain line of progress on stderr (not shown with --quiet or --json). */
  info(message: string): void;
  result(command: string, result: CommandResult): void;
  /** Message, hint and (with --debug) cause; with `--json` the one document on stdout. */
  error(command: string, error: PgmonError): void;
  /** True when stderr is a terminal and colour is welcome. */
  readonly useColour: boolean;
}

/** What every reporter is made from. */
export interface ReporterOptions {
  readonly stdout: OutStream;
  readonly stderr: OutStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Milliseconds, for elapsed times. */
  readonly now: () => number;
  readonly json: boolean;
  readonly quiet: boolean;
  readonly debug: boolean;
}
