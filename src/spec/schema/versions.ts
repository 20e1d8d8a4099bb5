/** Which version and image of each component, where the spec decides it. */
import * as z from 'zod';
import {
  COMPONENT_KEYS,
  COMPONENT_NAMES,
  COMPONENTS,
  type ComponentKey,
  type ComponentName,
  compareVersions,
} from '../../catalog/components.ts';

const anyVersion = z.union(
  [
    z.string().regex(/^\d{1,5}(\.\d{1,5}){0,3}$/, 'must be a version such as "3.5.3", without `v`'),
    z
      .int()
      .min(1)
      .max(99)
      .transform((number) => String(number)),
  ],
  {
    error: ({ input }) =>
      typeof input === 'number'
        ? 'is read as a number, which loses digits (3.10 becomes 3.1): put it in quotes'
        : 'must be a version such as "3.5.3", without `v`',
  },
);

function versionOf(name: ComponentName) {
  const { minimumVersion } = COMPONENTS[name];
  return anyVersion.refine(
    (text) => compareVersions(text, minimumVersion) >= 0,
    `is older than ${minimumVersion}, the oldest ${name} that pgmon works with`,
  );
}

const reference = z
  .string()
  .max(400)
  .regex(
    /^(?:[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?(?::\d{1,5})?\/)?[a-z0-9]+(?:[._/-]+[a-z0-9]+)*(?::[A-Za-z0-9_][A-Za-z0-9._-]{0,127})?(?:@sha256:[a-f0-9]{64})?$/,
    'must be an image reference such as registry.example/prom/prometheus:v3.5.3, without scheme or user',
  )
  .refine(
    (text) => /:[^/]+$/.test(text),
    'must have a tag or a digest: without one it means whatever is newest',
  )
  .refine((text) => !/:latest$/.test(text), 'must not be `latest`: it means something else every day');

function byComponent<T extends z.ZodType>(
  schemaFor: (name: ComponentName) => T,
  describe: (name: ComponentName) => string,
) {
  const entries = COMPONENT_NAMES.map((name) => [
    COMPONENT_KEYS[name],
    schemaFor(name).optional().describe(describe(name)),
  ]);
  return z.strictObject(Object.fromEntries(entries) as Record<ComponentKey, z.ZodOptional<T>>);
}

export const versions = byComponent(
  versionOf,
  (name) => `Version of ${name}; pgmon's own is ${COMPONENTS[name].version}.`,
);
export const images = byComponent(
  () => reference,
  (name) => `Image of ${name}, with tag or digest.`,
);
