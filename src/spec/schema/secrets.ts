/** References to secrets. The values themselves never stand in a spec, and no message here repeats what was written. */
import * as z from 'zod';
import { filePath } from './primitives.ts';

const HOW = '{env: NAME}, {file: path} or {generate: true}';
const HOW_GIVEN = '{env: NAME} or {file: path}';

const envName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must be the name of an environment variable');

const fromEnv = z.strictObject({
  env: envName.describe('Environment variable that pgmon reads the value from.'),
});
const fromFile = z.strictObject({
  file: filePath.describe(
    'File that holds the value, absolute or relative to the spec; a last line break is dropped.',
  ),
});
const generated = z.strictObject({
  generate: z
    .literal(true)
    .describe('Made once from a cryptographic source and kept below the output directory.'),
});

function keysProblem(input: object, how: string): string {
  const keys = Object.keys(input);
  if (keys.length !== 1) return `must have exactly one key: ${how}`;
  const [key] = keys;
  if (key === 'generate') {
    return how === HOW
      ? '`generate` must be true'
      : `cannot be generated, the other side decides it: write ${how}`;
  }
  if (key === 'env') return '`env` must be the name of an environment variable (letters, digits, `_`)';
  if (key === 'file')
    return '`file` must be the path of a file, absolute or relative to the spec, without `~`';
  return `has a key that is not known here: write ${how}`;
}

function secretProblem(input: unknown, how: string): string {
  if (input === undefined) return `is required: ${how}`;
  if (input === null) return `is empty: write ${how}`;
  if (typeof input !== 'object' || Array.isArray(input)) {
    return `must not stand in the spec itself: write ${how} (the value seen is not repeated here)`;
  }
  return keysProblem(input, how);
}

/** A secret that pgmon may invent: passwords of what it runs itself. */
export const secret = z.union([fromEnv, fromFile, generated], {
  error: (issue) => secretProblem(issue.input, HOW),
});

/** A secret that only the other side can know: tokens, hook addresses. */
export const givenSecret = z.union([fromEnv, fromFile], {
  error: (issue) => secretProblem(issue.input, HOW_GIVEN),
});

export type SecretReference = z.output<typeof secret>;

const SECRET_PARAMETER = /[?&](?:[^=&]*(?:token|secret|password|passwd|key|signature|sig|auth)[^=&]*)=/i;

/** Why a URL must not stand in a spec as it is; null when it may. Never repeats the URL. */
export function urlSecretProblem(text: string): string | null {
  if (/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*@/i.test(text)) return 'must not have a user or password in it';
  if (SECRET_PARAMETER.test(text)) return 'must not have a token, key or password in its query';
  return null;
}

function isHttpUrl(text: string): boolean {
  return /^https?:\/\/[^\s/?#]+/.test(text) && URL.canParse(text);
}

/** An http(s) URL without any secret in it. */
export const httpUrl = z
  .string()
  .max(2048)
  .superRefine((text, context) => {
    const secretInside = urlSecretProblem(text);
    if (secretInside !== null)
      context.addIssue({ code: 'custom', message: `${secretInside}: use a secret reference` });
    else if (!isHttpUrl(text))
      context.addIssue({ code: 'custom', message: 'must be an http:// or https:// URL' });
  });
