/** Builds stand-in images from Debian's packages and loads them into the engine; what is up to date is left alone. */
import { createHash } from 'node:crypto';
import path from 'node:path';
import { EnvironmentError } from '../errors.ts';
import type { Host } from '../host/host.ts';
import type { ProgressEvent } from '../output/reporter.ts';
import type { ImageStore } from '../providers/image-store.ts';
import type { LockedImage } from '../stack/lock.ts';
import { type Apt, type DebPackage, openApt, SUITE } from './apt.ts';
import { formatSize } from './format-size.ts';
import { imageArchive } from './image-archive.ts';
import { inLanes } from './lanes.ts';
import { writeLayer } from './layer.ts';
import type { Recipe } from './recipe.ts';
import { BUILDABLE_COMPONENTS, type BuildableComponent, recipes } from './recipes.ts';
import { withTemporaryDirectory } from './streams.ts';

export const IMAGE_REPOSITORY = 'localhost/pgmon';
const IMAGE_LABELS = {
  component: 'io.pgmon.component',
  /** sha256 over packages and recipe: same key, same image. */
  buildKey: 'io.pgmon.build-key',
  packages: 'io.pgmon.packages',
  title: 'org.opencontainers.image.title',
  version: 'org.opencontainers.image.version',
} as const;

const LANES = 2;
/** Docker's names of processor architectures -> Debian's. */
const DEBIAN_ARCHITECTURES: Readonly<Record<string, string>> = {
  amd64: 'amd64',
  arm64: 'arm64',
  arm: 'armhf',
  ppc64le: 'ppc64el',
  riscv64: 'riscv64',
  s390x: 's390x',
};

export interface BuildDependencies {
  readonly host: Host;
  readonly store: ImageStore;
  readonly onEvent: (event: ProgressEvent) => void;
  readonly signal: AbortSignal;
}

export interface BuildOptions {
  readonly components: readonly BuildableComponent[];
  /** Build even what is up to date. */
  readonly isForced: boolean;
  /** Versions that must come out (`17` means any 17.x); others may be what the release has. */
  readonly requiredVersions?: Readonly<Partial<Record<BuildableComponent, string>>>;
}

export interface BuiltImage {
  readonly component: BuildableComponent;
  readonly image: LockedImage;
  readonly sizeBytes: number;
  /** False: an image from the same packages was there. */
  readonly isNew: boolean;
}

interface Job {
  readonly component: BuildableComponent;
  readonly recipe: Recipe;
  readonly packages: readonly DebPackage[];
  readonly version: string;
  readonly reference: string;
  readonly buildKey: string;
}

/** `1:3.5.3+ds1-6` -> `3.5.3`. */
function upstreamVersion(debianVersion: string): string {
  const version = /^(?:\d+:)?(\d+(?:\.\d+)*)/.exec(debianVersion)?.[1];
  if (version === undefined) throw new EnvironmentError(`cannot read the package version ${debianVersion}`);
  return version;
}

/** Everything in a recipe that shapes the image, as text. */
function recipeText(recipe: Recipe): string {
  return JSON.stringify(recipe, (_key, value: unknown) => (value instanceof RegExp ? String(value) : value));
}

async function planJob(apt: Apt, component: BuildableComponent, recipe: Recipe): Promise<Job> {
  const found = await (recipe.withDependencies ? apt.resolve(recipe.packages) : apt.find(recipe.packages));
  const packages = found
    .filter((item) => recipe.leftOut?.test(item.name) !== true)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const main = packages.find((item) => item.name === recipe.mainPackage);
  if (main === undefined) throw new EnvironmentError(`the mirror has no package ${recipe.mainPackage}`);
  const version = upstreamVersion(main.version);
  const key = createHash('sha256')
    .update(packages.map((item) => item.file).join('\n'))
    .update(recipeText(recipe));
  return {
    component,
    recipe,
    packages,
    version,
    reference: `${IMAGE_REPOSITORY}/${component}:${version}-debian`,
    buildKey: key.digest('hex'),
  };
}

function requireVersion(job: Job, required: string | undefined): void {
  if (required === undefined || job.version === required || job.version.startsWith(`${required}.`)) return;
  throw new EnvironmentError(
    `cannot build ${job.component} ${required}: Debian ${SUITE} has ${job.version} and no other version`,
    {
      code: 'version-unavailable',
      hint: `remove \`versions\` of ${job.component} from the spec, or name an image that you have under \`images\``,
    },
  );
}

function labelsOf(job: Job): Record<string, string> {
  return {
    [IMAGE_LABELS.component]: job.component,
    [IMAGE_LABELS.buildKey]: job.buildKey,
    [IMAGE_LABELS.packages]: job.packages.map((item) => `${item.name}=${item.version}`).join(' '),
    [IMAGE_LABELS.title]: job.component,
    [IMAGE_LABELS.version]: job.version,
  };
}

async function buildOne(deps: BuildDependencies, apt: Apt, job: Job, platform: string): Promise<void> {
  await withTemporaryDirectory(async (dir) => {
    const archives = job.packages.map((item) => path.join(apt.archivesDir, item.file));
    const layer = await writeLayer(job.recipe, archives, path.join(dir, 'layer.tar'), deps.signal);
    const archive = imageArchive({
      reference: job.reference,
      architecture: platform.split('/')[1] ?? 'amd64',
      config: job.recipe.config,
      labels: labelsOf(job),
      layer,
    });
    await deps.store.load(archive.open(), deps.signal);
  });
}

async function ensureImage(
  deps: BuildDependencies,
  apt: Apt,
  job: Job,
  context: { readonly platform: string; readonly isForced: boolean },
): Promise<BuiltImage> {
  const { store, onEvent, signal } = deps;
  const resource = `image ${job.reference}`;
  const present = await store.find(job.reference, signal);
  const isNew = context.isForced || present?.labels[IMAGE_LABELS.buildKey] !== job.buildKey;
  if (isNew) {
    onEvent({ resource, action: 'build', status: 'started', detail: `${job.packages.length} packages` });
    await buildOne(deps, apt, job, context.platform);
  }
  const stored = await store.find(job.reference, signal);
  if (stored === null)
    throw new EnvironmentError(`${job.reference} was loaded but the engine does not show it`);
  onEvent({
    resource,
    action: 'build',
    status: 'done',
    detail: isNew ? formatSize(stored.sizeBytes) : 'up to date',
  });
  const image: LockedImage = {
    reference: job.reference,
    version: job.version,
    origin: 'build',
    digest: null,
    ids: { [stored.platform]: stored.id },
  };
  return { component: job.component, image, sizeBytes: stored.sizeBytes, isNew };
}

function stateDirectory(host: Host, architecture: string): string {
  const cache = host.env.XDG_CACHE_HOME || path.join(host.homeDir, '.cache');
  return path.join(cache, 'pgmon', `apt-${architecture}`);
}

async function openAptFor(deps: BuildDependencies, platform: string): Promise<Apt> {
  const architecture = DEBIAN_ARCHITECTURES[platform.split('/')[1] ?? ''];
  if (architecture === undefined)
    throw new EnvironmentError(`Debian has no packages for the engine's platform ${platform}`);
  return openApt(deps.host, {
    architecture,
    stateDir: stateDirectory(deps.host, architecture),
    signal: deps.signal,
  });
}

/** Builds and loads the images; resolves in the order of BUILDABLE_COMPONENTS. */
export async function buildImages(
  deps: BuildDependencies,
  options: BuildOptions,
): Promise<readonly BuiltImage[]> {
  const { host, store, onEvent, signal } = deps;
  const platform = await store.platform(signal);
  const entrypoint = await host.fs.readText(
    path.join(host.packageDir, 'templates', 'images', 'postgres-entrypoint.sh'),
  );
  onEvent({ resource: 'packages', action: 'download', status: 'started' });
  const apt = await openAptFor(deps, platform);
  const table = recipes(entrypoint);
  const wanted = BUILDABLE_COMPONENTS.filter((name) => options.components.includes(name));
  const jobs = await Promise.all(wanted.map((name) => planJob(apt, name, table[name])));
  for (const job of jobs) requireVersion(job, options.requiredVersions?.[job.component]);
  const all = new Map(jobs.flatMap((job) => job.packages).map((item) => [item.file, item]));
  await apt.download([...all.values()]);
  onEvent({ resource: 'packages', action: 'download', status: 'done', detail: `${all.size} packages` });
  return inLanes(jobs, LANES, (job) => ensureImage(deps, apt, job, { platform, isForced: options.isForced }));
}
