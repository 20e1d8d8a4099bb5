/** docs/spec.md is what the schema says. After a change of the schema: `npx vitest run --project unit spec-docs -u`. */
import path from 'node:path';
import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { checkValue } from '../../../src/spec/check-value.ts';
import { buildJsonSchema } from '../../../src/spec/json-schema.ts';
import { documentedKeys, formatSpecDocs } from '../../support/spec-docs.ts';
import { SPEC_EXAMPLES } from '../../support/spec-docs-text.ts';

const DOCS = path.resolve(import.meta.dirname, '../../../docs/spec.md');

/** Steps through lists as their first entry. */
function specPath(documented: string): readonly (string | number)[] {
  return documented
    .replaceAll('[]', '.0')
    .split('.')
    .map((part) => (part === '0' ? 0 : part));
}

describe('docs/spec.md', () => {
  it('is what the schema says', async () => {
    await expect(formatSpecDocs()).toMatchFileSnapshot(DOCS);
  });

  it('describes every key', () => {
    expect(documentedKeys().filter(({ description }) => description === '')).toEqual([]);
  });

  it('has an example for every key without keys below it', () => {
    const isLeaf = (path: string) =>
      !documentedKeys().some(
        (other) =>
          other.path !== path && other.path.startsWith(path) && /^[.[]/.test(other.path.slice(path.length)),
      );
    expect(
      documentedKeys()
        .filter((key) => key.example === '' && isLeaf(key.path))
        .map((key) => key.path),
    ).toEqual([]);
  });

  it('has no example for a key that does not exist', () => {
    const known = new Set(documentedKeys().map((key) => key.path));
    expect(Object.keys(SPEC_EXAMPLES).filter((key) => !known.has(key))).toEqual([]);
  });

  it.each(documentedKeys().filter(({ example }) => example !== ''))(
    'gives a valid example for $path',
    ({ path, example }) => {
      expect(checkValue(specPath(path), load(example.slice(1, -1)))).toBeNull();
    },
  );
});

describe('the JSON Schema', () => {
  const schema = buildJsonSchema();

  it('says which draft it follows and what it is', () => {
    expect(schema).toMatchObject({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      title: 'pgmon spec (pgmon/v1)',
    });
  });

  it('describes every key, refuses others and requires only what has no default', () => {
    const objects: Record<string, unknown>[] = [];
    const visit = (node: unknown): void => {
      if (typeof node !== 'object' || node === null) return;
      if ('properties' in node) objects.push({ ...node });
      for (const child of Object.values(node)) visit(child);
    };
    visit(schema);
    const properties = objects.flatMap((object) => Object.values(object.properties ?? {}));
    expect(properties.length).toBeGreaterThan(150);
    expect(properties.every((property) => typeof property.description === 'string')).toBe(true);
    expect(objects.every((object) => object.additionalProperties === false)).toBe(true);
    expect(schema.required).toEqual(['apiVersion', 'name', 'servers']);
  });
});
