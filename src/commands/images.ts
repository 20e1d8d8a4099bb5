/** `pgmon images list|pull|save|load|build`: the images of a stack, and the lock file that records which ones they are. */
import path from 'node:path';
import { EnvironmentError, EXIT_CODES, UsageError } from '../errors.ts';
import { buildImages } from '../images/build-images.ts';
import { listImages } from '../images/list-images.ts';
import { loadImages } from '../images/load-images.ts';
import { type PullOutcome, pullImages } from '../images/pull-images.ts';
import { BUILDABLE_COMPONENTS } from '../images/recipes.ts';
import { saveImages } from '../images/save-images.ts';
import { type BuildChoice, isBuildable, whatToBuild } from '../images/what-to-build.ts';
import type { CommandResult } from '../output/reporter.ts';
import { imagesOf } from '../stack/images-of.ts';
import type { CommandContext, StackOptions } from './context.ts';
import { formatReferences, hasSpec, recordInLock } from './images-record.ts';
import { formatImages } from './images-text.ts';
import { loadDockerStack } from './load-docker-stack.ts';

export type ImagesListOptions = StackOptions;
export type ImagesPullOptions = StackOptions;

export interface ImagesArchiveOptions extends StackOptions {
  /** The archive's path, as typed. */
  readonly archive: string;
}

export interface ImagesBuildOptions extends StackOptions {
  /** Build what is up to date as well. */
  readonly force: boolean;
  /** Default: all components of the spec that can be built (without a spec: all that can be built). */
  readonly components?: readonly string[];
}

/** Shows each component's image and whether it is here; exit code 0 either way. */
export async function imagesList(
  context: CommandContext,
  options: ImagesListOptions,
): Promise<CommandResult> {
  const { stack, lock } = await loadDockerStack(context, options);
  const store = await context.imageStore();
  const images = await listImages(store, { images: imagesOf(stack), lock }, context.signal);
  return { exitCode: EXIT_CODES.done, text: formatImages(images, null), json: { images } };
}

function throwPullFailures(outcomes: readonly PullOutcome[]): void {
  const failed = outcomes.filter((outcome) => outcome.kind === 'failed');
  if (failed.length === 0) return;
  const list = failed.map(({ error }) => `\n  ${error.message}`).join('');
  throw new EnvironmentError(`${failed.length} of ${outcomes.length} images could not be pulled:${list}`, {
    code: 'pull-failed',
    hint: [...new Set(failed.flatMap(({ error }) => error.hint ?? []))].join('\n      '),
    cause: failed[0]?.error,
  });
}

/** Fetches upstream's images (stand-ins of the lock file are replaced); rejects after all were tried when one failed. */
export async function imagesPull(
  context: CommandContext,
  options: ImagesPullOptions,
): Promise<CommandResult> {
  const { stack, lock } = await loadDockerStack(context, options, { ignoreBuilt: true });
  const { reporter, signal } = context;
  const deps = {
    provider: await context.provider('docker'),
    store: await context.imageStore(),
    lock,
    onEvent: reporter.event,
    signal,
  };
  const outcomes = await pullImages(deps, imagesOf(stack));
  const here = outcomes.filter((outcome) => outcome.kind === 'here');
  const changed = Object.fromEntries(
    here.filter(({ image }) => image.digest !== null).map(({ component, image }) => [component, image]),
  );
  throwPullFailures(outcomes);
  const lockPath = await recordInLock(context, options, changed);
  return {
    exitCode: EXIT_CODES.done,
    text: formatReferences(here, lockPath),
    json: {
      lockFile: lockPath,
      images: here.map(({ component, image, isNew }) => ({ component, ...image, isNew })),
    },
  };
}

/** Puts the stack's images into one archive. All must be here. */
export async function imagesSave(
  context: CommandContext,
  options: ImagesArchiveOptions,
): Promise<CommandResult> {
  const { stack, lock } = await loadDockerStack(context, options);
  const store = await context.imageStore();
  const { signal, reporter, host, version } = context;
  const listed = await listImages(store, { images: imagesOf(stack), lock }, signal);
  const absent = listed.filter(({ state }) => state === 'absent').map(({ reference }) => reference);
  if (absent.length > 0) {
    throw new EnvironmentError(`not on this machine: ${absent.join(', ')}`, {
      code: 'image-missing',
      hint: 'get them with `pgmon images pull` or `pgmon images build`, or leave them out with `--without`',
    });
  }
  const archive = path.resolve(host.cwd, options.archive);
  const images = listed.map(({ component, reference, version: program, origin }) => ({
    component,
    reference,
    version: program,
    origin: origin === 'build' ? ('build' as const) : ('registry' as const),
    digest: lock.images[component]?.reference === reference ? (lock.images[component]?.digest ?? null) : null,
  }));
  const parts = await saveImages({ store, onEvent: reporter.event, signal, version }, images, archive);
  const text = `${archive}: ${parts.length} images\nOn the other machine: pgmon images load ${path.basename(archive)}\n`;
  return { exitCode: EXIT_CODES.done, text, json: { archive, images: parts } };
}

/** Loads an archive after checking all of it, and records what it holds in the lock file. */
export async function imagesLoad(
  context: CommandContext,
  options: ImagesArchiveOptions,
): Promise<CommandResult> {
  const { host, signal, reporter } = context;
  const archive = path.resolve(host.cwd, options.archive);
  if ((await host.fs.stat(archive)) === null) throw new UsageError(`no file ${options.archive}`);
  const store = await context.imageStore();
  const loaded = await loadImages({ store, onEvent: reporter.event, signal }, archive);
  const entries = loaded.map(({ component, reference, version, origin, digest, platform, storedId }) => ({
    component,
    image: { reference, version, origin, digest, ids: { [platform]: storedId } },
  }));
  const lockPath = await recordInLock(
    context,
    options,
    Object.fromEntries(entries.map(({ component, image }) => [component, image])),
  );
  return {
    exitCode: EXIT_CODES.done,
    text: formatReferences(entries, lockPath),
    json: {
      archive,
      lockFile: lockPath,
      images: entries.map(({ component, image }) => ({ component, ...image })),
    },
  };
}

async function chooseBuilds(context: CommandContext, options: ImagesBuildOptions): Promise<BuildChoice> {
  const asked = options.components ?? [];
  const unknown = asked.find((name) => !isBuildable(name));
  if (unknown !== undefined) {
    throw new UsageError(`${unknown} cannot be built`, {
      hint: `these can: ${BUILDABLE_COMPONENTS.join(', ')}`,
    });
  }
  const isAsked = (name: string) => asked.length === 0 || asked.includes(name);
  if (!(await hasSpec(context, options))) {
    return { components: BUILDABLE_COMPONENTS.filter(isAsked), requiredVersions: {}, remarks: [] };
  }
  const { stack } = await loadDockerStack(context, options, { ignoreBuilt: true });
  const choice = whatToBuild(stack);
  for (const remark of choice.remarks) context.reporter.warn(remark);
  return { ...choice, components: choice.components.filter(isAsked) };
}

/** Makes stand-ins from Debian's packages and records them in the lock file, so that `up` uses them. */
export async function imagesBuild(
  context: CommandContext,
  options: ImagesBuildOptions,
): Promise<CommandResult> {
  const { components, requiredVersions } = await chooseBuilds(context, options);
  const { host, signal, reporter } = context;
  const store = await context.imageStore();
  const built = await buildImages(
    { host, store, onEvent: reporter.event, signal },
    { components, requiredVersions, isForced: options.force },
  );
  const changed = Object.fromEntries(built.map(({ component, image }) => [component, image]));
  const lockPath = await recordInLock(context, options, changed);
  return {
    exitCode: EXIT_CODES.done,
    text: formatReferences(built, lockPath),
    json: {
      lockFile: lockPath,
      images: built.map(({ component, image, isNew, sizeBytes }) => ({
        component,
        ...image,
        sizeBytes,
        isNew,
      })),
    },
  };
}
