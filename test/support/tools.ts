/** Runs upstream's own tools (promtool, amtool, psql) from the images, on files of a test. */
import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { ComponentName } from '../../src/catalog/components.ts';
import type { RenderedFile } from '../../src/stack/rendered-stack.ts';
import { imageFor, SETUP_COMMAND } from './images.ts';

export interface ToolOutcome {
  readonly code: number;
  /** stdout and stderr, in this order. */
  readonly output: string;
}

/** Runs a program without a shell; a failing one is an outcome, one that cannot be started an error. */
export function runTool(file: string, args: readonly string[], input = ''): Promise<ToolOutcome> {
  return new Promise((resolve, reject) => {
    const child = execFile(file, [...args], { maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      const code = error === null ? 0 : error.code;
      if (typeof code !== 'number') reject(error ?? new Error(`${file} failed`));
      else resolve({ code, output: `${stdout}${stderr}` });
    });
    // A program may end before it has read everything; its exit code says so.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input);
  });
}

export async function requireImage(component: ComponentName): Promise<string> {
  const reference = await imageFor(component);
  if (reference === null) throw new Error(`no image for ${component}: run ${SETUP_COMMAND}`);
  return reference;
}

/** One program of a component's image in a container that is gone afterwards. `mounts`: host directory -> directory inside. */
export async function runInImage(
  component: ComponentName,
  program: string,
  args: readonly string[],
  mounts: Readonly<Record<string, string>>,
): Promise<ToolOutcome> {
  const volumes = Object.entries(mounts).flatMap(([from, to]) => ['-v', `${from}:${to}:ro`]);
  const image = await requireImage(component);
  return runTool('docker', [
    'run',
    '--rm',
    '--network',
    'none',
    ...volumes,
    '--entrypoint',
    program,
    image,
    ...args,
  ]);
}

/** Writes rendered files below `dir`, readable for every user of a container. */
export async function writeRendering(dir: string, files: readonly RenderedFile[]): Promise<void> {
  for (const file of files) {
    const target = path.join(dir, file.path);
    await mkdir(path.dirname(target), { recursive: true });
    await writeFile(target, file.content, { mode: 0o644 });
  }
}
