/** The fingerprint by which `up` knows that a container must be made anew, or a unit restarted. */
import { createHash } from 'node:crypto';
import type { RenderedFile, Service } from '../stack/rendered-stack.ts';

/** What only pgmon itself uses; a change of it is no reason for a new container. */
const NOT_IN_CONTAINER = [
  'configInputs',
  'labels',
  'program',
  'readiness',
  'secretsDir',
  'startWeight',
] as const satisfies readonly (keyof Service)[];

function sortedEntries(value: object): readonly (readonly [string, unknown])[] {
  return Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
}

/** The first line names pgmon's version and the spec; neither matters to what runs. */
function withoutHeader(content: string): string {
  return content.slice(content.indexOf('\n') + 1);
}

function recreateInputs(
  service: Service,
  files: readonly RenderedFile[],
): readonly (readonly [string, string])[] {
  const prefixes = service.configInputs
    .filter((input) => input.reaction.kind === 'recreate')
    .map((input) => input.prefix);
  return files
    .filter((file) => prefixes.some((prefix) => file.path.startsWith(prefix)))
    .map((file) => [file.path, withoutHeader(file.content)] as const);
}

/** sha256 (hex) over the service's definition and the files whose change needs a new container. */
export function serviceHash(service: Service, files: readonly RenderedFile[]): string {
  const ignored = new Set<string>(NOT_IN_CONTAINER);
  const definition = sortedEntries(service)
    .filter(([key]) => !ignored.has(key))
    .map(([key, value]) => [key, key === 'environment' ? sortedEntries(value as object) : value]);
  const text = JSON.stringify([definition, recreateInputs(service, files)]);
  return createHash('sha256').update(text).digest('hex');
}

/**
 * The same of a unit, over its text without the line that holds the hash. Comments count for nothing: the first line names
 * pgmon's version and the spec, the others explain.
 */
export function unitHash(unitText: string, service: Service, files: readonly RenderedFile[]): string {
  const definition = unitText.split('\n').filter((line) => !line.startsWith('#'));
  const text = JSON.stringify([definition, recreateInputs(service, files)]);
  return createHash('sha256').update(text).digest('hex');
}
