/** `pgmon up`: brings the world to what the spec says and waits until every service serves. */
import { applyPlan } from '../apply/apply-plan.ts';
import { openDirectories } from '../apply/open-directories.ts';
import { pullImage } from '../apply/pull-image.ts';
import { readSecrets } from '../apply/secrets.ts';
import { lockStack } from '../apply/stack-lock.ts';
import { removeStrayFiles } from '../apply/stray-files.ts';
import { EXIT_CODES, UsageError } from '../errors.ts';
import type { Host } from '../host/host.ts';
import type { CommandResult } from '../output/reporter.ts';
import { formatPlan, planToJson } from '../plan/format-plan.ts';
import { isUpToDate } from '../plan/operations.ts';
import { beginProvider } from './begin-provider.ts';
import { confirmPlan } from './confirm-plan.ts';
import type { CommandContext, StackOptions } from './context.ts';
import { type LoadedRendering, loadRendering } from './load-stack.ts';
import { requireRoot } from './native-rights.ts';
import { imagePlatform, observeAndPlan, type Planned, pinnedImages } from './plan-input.ts';
import { recordImages } from './record-images.ts';
import { formatUp, upToJson } from './up-result.ts';

export interface UpOptions extends StackOptions {
  readonly dryRun: boolean;
  readonly keepOnFailure: boolean;
  /** `always`: ask the registry even for images that are here; `never`: an absent image is an error. */
  readonly pull: 'missing' | 'always' | 'never';
  /** How long one service may take until it serves. */
  readonly timeoutMs?: number;
}

const READY_TIMEOUT_MS = 120_000;

async function pullAll(context: CommandContext, { rendered, stack, lock }: LoadedRendering): Promise<void> {
  const provider = await context.provider(stack.runtime);
  const references = [...new Set(rendered.services.map((service) => service.image))].sort();
  const deps = { provider, reporter: context.reporter, rendered };
  const pins = pinnedImages(stack, lock, imagePlatform(context.host.arch));
  const digestOf = (reference: string) => pins.find((pin) => pin.reference === reference)?.digest ?? null;
  await Promise.all(
    references.map((reference) =>
      pullImage(
        deps,
        { reference, digest: digestOf(reference), resource: `image ${reference}` },
        context.signal,
      ),
    ),
  );
}

/** For a native stack directories must be open to its services, whatever the umask is. */
function writingHost({ host }: CommandContext, { stack }: LoadedRendering): Host {
  return stack.runtime === 'native' ? { ...host, fs: openDirectories(host.fs) } : host;
}

async function apply(
  context: CommandContext,
  loaded: LoadedRendering,
  planned: Planned,
  options: UpOptions,
): Promise<void> {
  const { reporter, signal } = context;
  const { stack, outDir, rendered } = loaded;
  const host = writingHost(context, loaded);
  const { secrets, secretFiles } = planned.observation;
  const deps = {
    provider: await context.provider(stack.runtime),
    host,
    reporter,
    context: { stackName: stack.name, outDir },
    rendered,
    secrets,
    secretFiles,
    completeSecrets: () => readSecrets(host, { stack, outDir, create: true }),
    readyTimeoutMs: options.timeoutMs ?? READY_TIMEOUT_MS,
  };
  await applyPlan(deps, planned.plan, { signal, keepOnFailure: options.keepOnFailure });
}

async function planAndApply(
  context: CommandContext,
  loaded: LoadedRendering,
  options: UpOptions,
): Promise<CommandResult> {
  const isNative = loaded.stack.runtime === 'native';
  if (options.pull === 'always') await pullAll(context, loaded);
  const planned = await observeAndPlan(context, loaded, options.pull === 'never' ? 'never' : 'missing');
  const { plan } = planned;
  if (isNative && !isUpToDate(plan)) await confirmPlan(context, plan, options);
  if (plan.operations.length > 0) await apply(context, loaded, planned, options);
  if (!isNative && !isUpToDate(plan)) await recordImages(context, loaded);
  return {
    exitCode: EXIT_CODES.done,
    text: formatUp(loaded, plan, options),
    json: upToJson(loaded, plan),
  };
}

async function dryRun(
  context: CommandContext,
  loaded: LoadedRendering,
  options: UpOptions,
): Promise<CommandResult> {
  const { plan } = await observeAndPlan(context, loaded, options.pull === 'never' ? 'never' : 'missing');
  return {
    exitCode: EXIT_CODES.done,
    text: formatPlan(plan),
    json: { dryRun: true, plan: planToJson(plan) },
  };
}

/** Rejects with SpecError, EnvironmentError, ApplyError or CancelledError; what was made is then rolled back. */
export async function up(context: CommandContext, options: UpOptions): Promise<CommandResult> {
  void beginProvider(context, options);
  const loaded = await loadRendering(context, options, { needsDashboards: true });
  const { runtime } = loaded.stack;
  if (runtime === 'native' && options.pull === 'always') {
    throw new UsageError('--pull always asks a registry for images, and a native stack has none', {
      hint: 'leave it out; programs and their versions come from `native` and `versions` in the spec',
    });
  }
  requireRoot(context.host, runtime, 'up');
  if (options.dryRun) return dryRun(context, loaded, options);
  const lock = await lockStack(writingHost(context, loaded), loaded.outDir, context.signal);
  try {
    await removeStrayFiles(context.host, loaded.outDir);
    return await planAndApply(context, loaded, options);
  } finally {
    await lock.release().catch((error: unknown) => {
      context.reporter.warn(
        `could not remove the lock in ${loaded.outDir}: ${error instanceof Error ? error.message : String(error)}`,
      );
    });
  }
}
