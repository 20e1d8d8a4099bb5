/** The flags of `pgmon init`: one for every question of the wizard. */
import type { Runtime } from '../stack/stack.ts';
import type { GlobalOptions } from './context.ts';

/** A flag that is absent is asked for, or takes its default with `--yes`. */
export interface InitOptions extends GlobalOptions {
  /** `--name`: name of the stack. */
  readonly name?: string;
  /** `--runtime`: what runs the services; without it Docker. */
  readonly runtime?: Runtime;
  /** `--bundled`: run a PostgreSQL of pgmon's own instead of watching one that exists. */
  readonly bundled?: boolean;
  /** `--host`: host name or address of the server. */
  readonly host?: string;
  /** `--port`, as typed. */
  readonly port?: string;
  readonly database?: string;
  /** `--user`: the monitoring role. */
  readonly user?: string;
  /** `--password-env NAME`: variable that holds the role's password. */
  readonly passwordEnv?: string;
  /** `--password-file PATH`: file that holds it. */
  readonly passwordFile?: string;
  /** `--passwordless`: the server asks for no password. */
  readonly passwordless?: boolean;
  readonly environment?: string;
  /** `--webhook URL`: where alerts are posted; empty = nowhere. */
  readonly webhook?: string;
  /** `--grafana` / `--no-grafana`. */
  readonly grafana?: boolean;
  /** `--force`: overwrite the file. */
  readonly force: boolean;
}
