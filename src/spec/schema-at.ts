/** Finds the part of the schema that a path leads to, for messages about what is allowed there. */
import * as z from 'zod';
import type { SpecPath } from './yaml-tree.ts';

function unwrapped(schema: z.core.$ZodType): z.core.$ZodType {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) {
    return unwrapped(schema.unwrap());
  }
  return schema;
}

function step(schema: z.core.$ZodType, part: string | number): z.core.$ZodType | null {
  if (schema instanceof z.ZodObject) return schema.shape[String(part)] ?? null;
  if (schema instanceof z.ZodArray) return schema.element;
  if (schema instanceof z.ZodRecord) return schema.valueType;
  return null;
}

/** The schema below `root` at `path`, without optional and default wrappers; null where there is none. */
export function schemaAt(root: z.core.$ZodType, path: SpecPath): z.core.$ZodType | null {
  let schema: z.core.$ZodType | null = unwrapped(root);
  for (const part of path) {
    const next = step(schema, part);
    if (next === null) return null;
    schema = unwrapped(next);
  }
  return schema;
}

/** Keys that an object of the schema may have; empty when it is no object. */
export function keysAt(root: z.core.$ZodType, path: SpecPath): readonly string[] {
  const schema = schemaAt(root, path);
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
}

/** The description that the schema gives the key at `path`. */
export function descriptionAt(root: z.core.$ZodType, path: SpecPath): string | null {
  const parent = schemaAt(root, path.slice(0, -1));
  const last = path.at(-1);
  const schema = parent === null || last === undefined ? null : step(parent, last);
  return schema instanceof z.ZodType ? (schema.description ?? null) : null;
}
