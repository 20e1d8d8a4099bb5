/** The spec's schema as JSON Schema. What concerns several keys at once is checked by `pgmon validate` only. */
import * as z from 'zod';
import { API_VERSION } from '../conventions.ts';
import { specSchema } from './schema/spec.ts';

/** JSON Schema draft 2020-12 of what a person writes: keys with a default are optional. */
export function buildJsonSchema(): Readonly<Record<string, unknown>> {
  const { $schema, ...rest } = z.toJSONSchema(specSchema, { io: 'input', unrepresentable: 'any' });
  return { $schema, title: `pgmon spec (${API_VERSION})`, ...rest };
}
