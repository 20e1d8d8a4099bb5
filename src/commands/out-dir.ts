/** Which directory holds a stack's rendered files. */
import path from 'node:path';
import { DEFAULT_OUT_DIR } from '../conventions.ts';
import { UsageError } from '../errors.ts';
import { nativeConfigDir } from '../stack/native-names.ts';
import type { Runtime } from '../stack/stack.ts';
import type { StackOptions } from './context.ts';

export interface OutDirInput {
  readonly name: string;
  readonly runtime: Runtime;
  /** Absolute. */
  readonly specDir: string;
  readonly cwd: string;
}

/** Beside the spec, unless `-o` says otherwise; natively `-o` names the root of a tree that is laid out like the machine's own. */
export function outDirOf({ name, runtime, specDir, cwd }: OutDirInput, out: string | undefined): string {
  if (runtime === 'docker') return path.resolve(cwd, out ?? path.join(specDir, DEFAULT_OUT_DIR, name));
  const configDir = nativeConfigDir(name);
  return out === undefined ? configDir : path.join(path.resolve(cwd, out), configDir);
}

/** Natively only `render` has a choice: units, files and credentials name each other by their places on the machine. */
export function refuseOut(runtime: Runtime, options: Pick<StackOptions, 'out'>): void {
  if (runtime === 'docker' || options.out === undefined) return;
  throw new UsageError('-o does not go with `runtime: native`: units read their files below /etc', {
    hint: 'leave -o out; `pgmon render -o DIR` writes a tree to install by other means',
  });
}
