/** What the steps of a plan work with. Types only. */
import type { Host } from '../host/host.ts';
import type { Reporter } from '../output/reporter.ts';
import type { Provider, StackContext } from '../providers/provider.ts';
import type { RenderedStack } from '../stack/rendered-stack.ts';
import type { ObservedSecretFile } from './secret-files.ts';

export interface ApplyDeps {
  readonly provider: Provider;
  readonly host: Host;
  readonly reporter: Pick<Reporter, 'event' | 'warn'>;
  readonly context: StackContext;
  readonly rendered: Pick<RenderedStack, 'runtime' | 'services' | 'secretFiles' | 'volumes'>;
  /** Values by id, as far as they exist. */
  readonly secrets: ReadonlyMap<string, string>;
  /** Makes missing generated secrets and gives all values. */
  readonly completeSecrets: () => Promise<ReadonlyMap<string, string>>;
  /** Secret files as they were when the plan was made, for the way back. */
  readonly secretFiles: ReadonlyMap<string, ObservedSecretFile>;
  /** How long one service may take until it serves. */
  readonly readyTimeoutMs: number;
}

/** Given to calls that must not be left halfway: what they made could not be found again. */
export function uninterrupted(): AbortSignal {
  return new AbortController().signal;
}
