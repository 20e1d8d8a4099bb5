/** Where secrets stand below the output directory and for the services' processes, and how their files are filled. */
import { SECRETS_DIR, type ServiceName } from '../conventions.ts';
import type { SecretFile } from '../stack/rendered-stack.ts';
import { layoutOf, type Placed } from './layout.ts';
import { wellFormed } from './scalars.ts';

/** The directory with the secrets of one service; `workload` and others never share one. */
export function secretsSource(service: ServiceName): string {
  return `${SECRETS_DIR}/${service}`;
}

/** The id as a file name: nothing in it means anything to a path or a shell. Ids that `resolveStack` makes stay as they are. */
function secretFileName(id: string): string {
  const code = (character: string) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
  return encodeURIComponent(wellFormed(id)).replace(/[!'()*~]/g, code);
}

/** A secret's file as the service's process sees it. */
export function secretPath(stack: Placed, service: ServiceName, id: string): string {
  return `${layoutOf(stack).secrets(service)}/${secretFileName(id)}`;
}

/** The value of a secret; throws when the caller did not read it. */
export function secretValue(values: ReadonlyMap<string, string>, id: string): string {
  const value = values.get(id);
  if (value === undefined) throw new Error(`secret ${id} has no value`);
  return value;
}

/** The bare value in a file of its own, named like the secret, without a final newline. */
function valueFile(service: ServiceName, id: string): SecretFile {
  return {
    path: `${secretsSource(service)}/${secretFileName(id)}`,
    secrets: [id],
    render: (values) => secretValue(values, id),
  };
}

/** What a client key's file is called: the exporter's container finds them by this ending. */
export const CLIENT_KEY = '.client-key';

/** Shell pattern of all client keys of a service. */
export function clientKeyPattern(stack: Placed, service: ServiceName): string {
  return `${layoutOf(stack).secrets(service)}/*${CLIENT_KEY}`;
}

/** A client key in its own file; `clientKeyPath` is where the service copies it to. */
export function clientKeyFile(service: ServiceName, id: string): SecretFile {
  const file = valueFile(service, id);
  return { ...file, path: `${file.path}${CLIENT_KEY}` };
}

export function clientKeyPath(stack: Placed, service: ServiceName, id: string): string {
  return `${layoutOf(stack).clientKeys(service)}/${secretFileName(id)}${CLIENT_KEY}`;
}

/** `valueFile` for each id; nulls and repeated ids are skipped. */
export function valueFiles(service: ServiceName, ids: readonly (string | null)[]): readonly SecretFile[] {
  return [...new Set(ids)].flatMap((id) => (id === null ? [] : [valueFile(service, id)]));
}
