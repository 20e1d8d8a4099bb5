/** The specs in stacks/, resolved as `pgmon` would on a machine without a lock file. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseSpec } from '../../src/spec/parse-spec.ts';
import { resolveStack } from '../../src/spec/resolve-stack.ts';
import { EMPTY_LOCK } from '../../src/stack/lock.ts';
import type { Stack } from '../../src/stack/stack.ts';
import { PACKAGE_DIR } from './stack-fixture.ts';

const STACKS_DIR = path.join(PACKAGE_DIR, 'stacks');

/** Throws with every issue when the spec does not resolve. */
export function readStack(fileName: string): Stack {
  const text = readFileSync(path.join(STACKS_DIR, fileName), 'utf8');
  const parsed = parseSpec(text, fileName);
  if (!parsed.ok) throw new Error(`${fileName} is invalid: ${JSON.stringify(parsed.issues)}`);
  const resolved = resolveStack(parsed.document, { specDir: '/srv/pgmon', lock: EMPTY_LOCK, without: [] });
  if (!resolved.ok) throw new Error(`${fileName} does not resolve: ${JSON.stringify(resolved.issues)}`);
  return resolved.stack;
}

/** Name without extension and file name of every spec in stacks/. */
export const STACK_FILES: readonly (readonly [name: string, fileName: string])[] = readdirSync(STACKS_DIR)
  .filter((name) => /\.ya?ml$/.test(name))
  .map((name) => [path.parse(name).name, name] as const);
