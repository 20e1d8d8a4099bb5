/** Reads a spec from disk and takes it through the pure steps: parse -> resolve -> render. */
import path from 'node:path';
import { LOCK_FILE } from '../conventions.ts';
import { loadDashboards } from '../dashboards/directory.ts';
import { PgmonError, SpecError } from '../errors.ts';
import type { Host } from '../host/host.ts';
import { parseLock } from '../images/lock-file.ts';
import { parseWholeSpec } from '../spec/parse-whole-spec.ts';
import { resolveStack } from '../spec/resolve-stack.ts';
import type { Lock } from '../stack/lock.ts';
import { EMPTY_LOCK } from '../stack/lock.ts';
import type { RenderedStack } from '../stack/rendered-stack.ts';
import type { Stack } from '../stack/stack.ts';
import type { CommandContext, StackOptions } from './context.ts';
import { outDirOf, refuseOut } from './out-dir.ts';
import { readSpecFile } from './read-spec-file.ts';

export interface LoadedStack {
  readonly stack: Stack;
  readonly lock: Lock;
  /** Absolute. */
  readonly specPath: string;
  readonly lockPath: string;
  /** Absolute. */
  readonly outDir: string;
}

export interface LoadedRendering extends LoadedStack {
  readonly rendered: RenderedStack;
}

export interface LoadSettings {
  /** Resolve as if the lock file had no stand-ins made by `images build`. */
  readonly ignoreBuilt?: boolean;
  /** True: the command writes a tree, also for a native stack. Otherwise `-o` is then refused. */
  readonly takesOut?: boolean;
}

export interface RenderSettings {
  /** True: files of dashboards that cannot be used end the command. Otherwise it goes on without them and warns. */
  readonly needsDashboards?: boolean;
  readonly takesOut?: boolean;
}

function withoutBuilt(lock: Lock): Lock {
  return {
    ...lock,
    images: Object.fromEntries(Object.entries(lock.images).filter(([, image]) => image.origin !== 'build')),
  };
}

/** Reads spec and lock. Rejects with SpecError (all problems), UsageError (no file) or EnvironmentError. */
export async function loadStack(
  context: CommandContext,
  options: StackOptions,
  settings: LoadSettings = {},
): Promise<LoadedStack> {
  const { host, reporter } = context;
  const specPath = path.resolve(host.cwd, options.file);
  const specDir = path.dirname(specPath);
  const lockPath = path.join(specDir, LOCK_FILE);
  const parsed = await parseWholeSpec(await readSpecFile(host, options.file), options.file);
  if (!parsed.ok) throw new SpecError(parsed.issues);
  const lockText = await host.fs.readTextIfExists(lockPath);
  const lock = lockText === null ? EMPTY_LOCK : parseLock(lockText, lockPath);
  const usedLock = settings.ignoreBuilt === true ? withoutBuilt(lock) : lock;
  const resolved = resolveStack(parsed.document, { specDir, lock: usedLock, without: options.without });
  if (!resolved.ok) throw new SpecError(resolved.issues);
  const { stack } = resolved;
  if (settings.takesOut !== true) refuseOut(stack.runtime, options);
  for (const warning of resolved.warnings) reporter.warn(warning);
  const outDir = outDirOf({ ...stack, specDir, cwd: host.cwd }, options.out);
  return { stack, lock, specPath, lockPath, outDir };
}

/** Programs that are built with pgmon and rendered as they are. */
const BUILT_TEXTS = ['sql-exporter.mjs'] as const;

/** Directories of templates/ whose files are rendered; dashboards only where there is a Grafana, because they are many. */
function templateDirs({ grafana }: Pick<Stack, 'grafana'>): readonly string[] {
  return grafana === null ? ['.'] : ['.', 'dashboards'];
}

/** Every template of the package that the stack may need, by its path below templates/. */
export async function readTemplates(
  host: Host,
  stack: Pick<Stack, 'grafana'>,
): Promise<ReadonlyMap<string, string>> {
  const root = path.join(host.packageDir, 'templates');
  const listed = templateDirs(stack).map(async (dir) => {
    const names = (await host.fs.list(path.join(root, dir))).filter((name) => /\.(hbs|json)$/.test(name));
    return names.map((name) => path.posix.join(dir, name));
  });
  const names = (await Promise.all(listed)).flat();
  const files = [
    ...names.map((name) => [name, path.join(root, name)] as const),
    ...BUILT_TEXTS.map((name) => [name, path.join(host.packageDir, 'dist', name)] as const),
  ];
  return new Map(
    await Promise.all(files.map(async ([name, file]) => [name, await host.fs.readText(file)] as const)),
  );
}

/** Nothing without Grafana. */
async function moreDashboards(
  { host, reporter }: CommandContext,
  { stack, lock }: LoadedStack,
  { needsDashboards = false }: RenderSettings,
) {
  if (stack.grafana === null) return [];
  try {
    return await loadDashboards(host, stack.dashboards, lock);
  } catch (error) {
    if (needsDashboards || !(error instanceof PgmonError)) throw error;
    reporter.warn(`more dashboards are left out: ${error.message}`);
    return [];
  }
}

/** `loadStack`, then renders every file and service. */
export async function loadRendering(
  context: CommandContext,
  options: StackOptions,
  settings: RenderSettings = {},
): Promise<LoadedRendering> {
  const loaded = await loadStack(context, options, { takesOut: settings.takesOut === true });
  // Loaded here: commands that only need the spec (`down`, `images`) start faster without it.
  const { renderStack } = await import('../render/render-stack.ts');
  const [templates, dashboards] = await Promise.all([
    readTemplates(context.host, loaded.stack),
    moreDashboards(context, loaded, settings),
  ]);
  const rendered = renderStack(loaded.stack, { version: context.version, templates, dashboards });
  return { ...loaded, rendered };
}
