/** What every command gets, and the options that are the same everywhere. */
import type { Host } from '../host/host.ts';
import type { Reporter } from '../output/reporter.ts';
import type { ImageStore } from '../providers/image-store.ts';
import type { Provider } from '../providers/provider.ts';
import type { Runtime } from '../stack/stack.ts';

export interface CommandContext {
  readonly host: Host;
  readonly reporter: Reporter;
  /** Connects on first use, so that commands without a daemon never need one; one provider for each runtime. */
  readonly provider: (runtime: Runtime) => Promise<Provider>;
  /** Images of the container engine; connects on first use. Only the `images` commands need it. */
  readonly imageStore: () => Promise<ImageStore>;
  /** pgmon's own version. */
  readonly version: string;
  readonly signal: AbortSignal;
}

export interface GlobalOptions {
  /** `-f/--file`, as typed; default `./pgmon.yaml`. */
  readonly file: string;
  readonly json: boolean;
  readonly yes: boolean;
  readonly quiet: boolean;
  readonly debug: boolean;
}

/** Options of commands that read or write the output directory. */
export interface StackOptions extends GlobalOptions {
  /** `-o/--out`, as typed; default `<spec dir>/.pgmon/<stack name>`. */
  readonly out?: string;
  /** `--without grafana`: components to leave out of this run. */
  readonly without: readonly string[];
}
