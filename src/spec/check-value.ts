/** Checks one value as the spec would, for questions that are asked one at a time. */
import * as z from 'zod';
import { explainIssue } from './explain-issue.ts';
import { specSchema } from './schema/spec.ts';
import { schemaAt } from './schema-at.ts';
import type { SpecPath } from './yaml-tree.ts';

/** What is wrong with `value` at `path` (list entries as 0), in words that repeat no secret; null when nothing is. */
export function checkValue(path: SpecPath, value: unknown): string | null {
  const schema = schemaAt(specSchema, path);
  if (schema === null) return 'is not a key of the spec';
  const result = z.safeParse(schema, value);
  const issue = result.error?.issues[0];
  if (issue === undefined) return null;
  const whole = path.reduceRight<unknown>((inner, part) => (part === 0 ? [inner] : { [part]: inner }), value);
  const placed = { ...issue, path: [...path, ...issue.path] };
  const [found] = explainIssue(placed, { schema: specSchema, value: whole, source: () => null });
  return found?.message ?? issue.message;
}
