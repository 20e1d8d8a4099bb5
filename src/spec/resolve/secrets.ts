/** Collects the secrets that a stack needs while its parts are resolved. */
import type { Secret, SecretSource } from '../../stack/stack.ts';
import type { SecretReference } from '../schema/secrets.ts';
import { resolvePath } from './paths.ts';

/** Length in characters of what pgmon makes itself. */
const GENERATED_LENGTH = 32;

export interface SecretBook {
  /** Notes a reference under `id` and gives the id back. */
  add(id: string, reference: SecretReference): string;
  /** The same for a PEM file, taken as it is; null for none. */
  addFile(id: string, path: string | undefined): string | null;
  /** The secret alone, without noting it: for one that most commands do without. */
  describe(id: string, reference: SecretReference): Secret;
  addHash(id: string, of: string): string;
  /** All that were noted, sorted by id. */
  list(): readonly Secret[];
}

export function createSecretBook(specDir: string): SecretBook {
  const sources = new Map<string, SecretSource>();
  const note = (id: string, source: SecretSource): string => {
    sources.set(id, source);
    return id;
  };
  const sourceOf = (reference: SecretReference): SecretSource => {
    if ('env' in reference) return { kind: 'env', name: reference.env };
    if ('file' in reference) return { kind: 'file', path: resolvePath(specDir, reference.file), trim: true };
    return { kind: 'generated', length: GENERATED_LENGTH };
  };
  return {
    add: (id, reference) => note(id, sourceOf(reference)),
    describe: (id, reference) => ({ id, source: sourceOf(reference) }),
    addFile(id, path) {
      return path === undefined
        ? null
        : note(id, { kind: 'file', path: resolvePath(specDir, path), trim: false });
    },
    addHash: (id, of) => note(id, { kind: 'bcrypt', of }),
    list: () =>
      [...sources].map(([id, source]) => ({ id, source })).toSorted((a, b) => (a.id < b.id ? -1 : 1)),
  };
}
