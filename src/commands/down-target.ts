/** Which stack `down` is about: from its spec, however broken, or from its name alone. */
import path from 'node:path';
import { SpecError, UsageError } from '../errors.ts';
import type { StackContext } from '../providers/provider.ts';
import { isStackName, readRuntime, readStackName } from '../spec/stack-name.ts';
import { nativeConfigDir, nativeDataDir } from '../stack/native-names.ts';
import type { Runtime } from '../stack/stack.ts';
import type { CommandContext, StackOptions } from './context.ts';
import { outDirOf } from './out-dir.ts';
import { readSpecFile } from './read-spec-file.ts';

export interface DownTargetOptions extends StackOptions {
  /** The stack's name, for when its spec is gone or broken. */
  readonly name?: string;
  /** For a stack that is only named. */
  readonly runtime?: Runtime;
}

/** Before the name becomes part of any path. */
function requireStackName(name: string): string {
  if (isStackName(name)) return name;
  throw new UsageError(`--name ${JSON.stringify(name)} is no stack's name`, {
    hint: 'use lower-case letters, digits and `-`, as in the spec',
  });
}

/** A stack that is only named is native where its configuration or data lies at the native places. */
export async function findRuntime({ host }: CommandContext, options: DownTargetOptions): Promise<Runtime> {
  const name = options.name === undefined ? null : requireStackName(options.name);
  if (options.runtime !== undefined) return options.runtime;
  if (name === null) return readRuntime(await readSpecFile(host, options.file));
  const places = [nativeConfigDir(name), nativeDataDir(name)];
  const found = await Promise.all(places.map((dir) => host.fs.stat(dir)));
  return found.every((info) => info === null) ? 'docker' : 'native';
}

async function findName(context: CommandContext, options: DownTargetOptions): Promise<string> {
  if (options.name !== undefined) return requireStackName(options.name);
  // The name is all it takes, so that a stack can be removed although the rest of its spec is broken.
  const name = readStackName(await readSpecFile(context.host, options.file));
  if (name !== null) return name;
  const { loadStack } = await import('./load-stack.ts');
  try {
    return (await loadStack(context, options)).stack.name;
  } catch (error) {
    if (error instanceof SpecError) {
      throw new SpecError(error.issues, {
        hint: 'correct the spec, or name the stack: `pgmon down --name NAME`',
        cause: error,
      });
    }
    throw error;
  }
}

/** Rejects with UsageError or SpecError when the spec does not say which stack it is. */
export async function findStack(
  context: CommandContext,
  options: DownTargetOptions,
  runtime: Runtime,
): Promise<StackContext> {
  const { cwd } = context.host;
  const name = await findName(context, options);
  const specDir = path.dirname(path.resolve(cwd, options.file));
  return { stackName: name, outDir: outDirOf({ name, runtime, specDir, cwd }, options.out) };
}
