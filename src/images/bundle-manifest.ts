/** The table of contents of an image archive (`pgmon images save`): what is inside and how to know that it is whole. */
import * as z from 'zod';
import { COMPONENT_NAMES, type ComponentName } from '../catalog/components.ts';
import { EnvironmentError } from '../errors.ts';
import type { LockedImage } from '../stack/lock.ts';

export const MANIFEST_NAME = 'manifest.json';
export const README_NAME = 'README.txt';
export const LARGEST_MANIFEST_BYTES = 1 << 20;
const FORMAT = 'pgmon-images';
const FORMAT_VERSION = 1;

export interface BundlePart {
  readonly component: ComponentName;
  readonly reference: string;
  readonly version: string;
  readonly origin: LockedImage['origin'];
  readonly digest: string | null;
  readonly platform: string;
  readonly id: string;
  /** Digests of the uncompressed layers; unlike the id the same in every kind of image store. */
  readonly layers: readonly string[];
  /** Name inside the archive. */
  readonly file: string;
  readonly sizeBytes: number;
  readonly sha256: string;
}

const part = z.strictObject({
  component: z.enum(COMPONENT_NAMES),
  reference: z.string(),
  version: z.string(),
  origin: z.enum(['registry', 'build']),
  digest: z.string().nullable(),
  platform: z.string(),
  id: z.string(),
  layers: z.array(z.string()),
  file: z.string().regex(/^images\/[a-z-]+\.tar$/),
  sizeBytes: z.int().nonnegative(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

const manifest = z.strictObject({
  format: z.literal(FORMAT),
  formatVersion: z.literal(FORMAT_VERSION),
  createdBy: z.string(),
  images: z.array(part).min(1),
});

export function formatManifest(parts: readonly BundlePart[], version: string): string {
  const content = {
    format: FORMAT,
    formatVersion: FORMAT_VERSION,
    createdBy: `pgmon ${version}`,
    images: parts,
  };
  return `${JSON.stringify(content, null, 2)}\n`;
}

export function formatReadme(parts: readonly BundlePart[]): string {
  const names = parts.map((item) => item.reference).join(', ');
  return `Container images for pgmon: ${names}. Load them with: pgmon images load FILE\n`;
}

/** Throws EnvironmentError when the text is no manifest that this pgmon understands. */
export function parseManifest(text: string, archive: string): readonly BundlePart[] {
  const fail = (problem: string): never => {
    throw new EnvironmentError(`cannot use ${archive}: ${MANIFEST_NAME}: ${problem}`, {
      code: 'archive-invalid',
    });
  };
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    return fail('is not JSON');
  }
  const parsed = manifest.safeParse(content);
  if (parsed.success) return parsed.data.images;
  const [issue] = parsed.error.issues;
  return fail(`${issue?.path.join('.') || 'document'}: ${issue?.message ?? 'invalid'}`);
}
