/** Brings a loaded stack into the form that planning and applying take; shared by `up` and `diff`. */
import { type Observation, observeStack } from '../apply/observe-stack.ts';
import { readSecrets } from '../apply/secrets.ts';
import { refuseForeignFiles } from '../apply/write-files.ts';
import { WORKLOAD_ROLE } from '../conventions.ts';
import { EnvironmentError } from '../errors.ts';
import type { BundledServer, Plan } from '../plan/operations.ts';
import { planChanges } from '../plan/plan-changes.ts';
import type { Desired, PinnedImage, Problem } from '../plan/plan-input.ts';
import { bundledServer, POSTGRES_DATA, SUPERUSER } from '../render/services/postgres.ts';
import { imagesOf } from '../stack/images-of.ts';
import type { Lock } from '../stack/lock.ts';
import { monitoringLimits } from '../stack/role/monitoring-limits.ts';
import type { Stack } from '../stack/stack.ts';
import type { CommandContext } from './context.ts';
import type { LoadedRendering } from './load-stack.ts';

const PLATFORM_ARCHITECTURES: Readonly<Record<string, string>> = {
  x64: 'amd64',
  arm64: 'arm64',
  arm: 'arm',
  ia32: '386',
};

/** Containers are Linux on every host. */
export function imagePlatform(arch: string): string {
  return `linux/${PLATFORM_ARCHITECTURES[arch] ?? arch}`;
}

function bundledOf(stack: Stack): BundledServer | null {
  const { postgres } = stack;
  const server = bundledServer(stack);
  if (postgres === null) return null;
  const plain = { memberOf: [], isWriter: false, limits: null };
  const superuser = { ...plain, name: SUPERUSER, password: postgres.superuserPassword };
  const watching = { memberOf: ['pg_monitor'], isWriter: false, limits: monitoringLimits(stack) };
  const monitoring =
    server === null || server.password === null
      ? []
      : [{ ...watching, name: server.user, password: server.password }];
  const workload =
    postgres.workloadPassword === null
      ? []
      : [{ ...plain, name: WORKLOAD_ROLE, password: postgres.workloadPassword, isWriter: true }];
  return {
    superuser: SUPERUSER,
    database: postgres.database,
    roles: [superuser, ...monitoring, ...workload],
    volume: POSTGRES_DATA,
  };
}

/** What the lock file pins of the images that the stack runs. */
export function pinnedImages(stack: Stack, lock: Lock, platform: string): readonly PinnedImage[] {
  return [...imagesOf(stack)].flatMap(([component, image]) => {
    const locked = lock.images[component];
    if (locked === undefined || image.reference !== locked.reference) return [];
    return [{ ...locked, expectedId: locked.ids[platform] ?? null }];
  });
}

function problemsError(problems: readonly Problem[]): EnvironmentError {
  const [first, ...others] = problems;
  if (first === undefined) throw new Error('no problem to report');
  const { code } = first;
  if (others.length === 0) return new EnvironmentError(first.message, { code, hint: first.hint });
  const message = [
    `${problems.length} things are in the way`,
    ...problems.map((one) => `  - ${one.message}`),
  ].join('\n');
  return new EnvironmentError(message, {
    code,
    hint: [...new Set(problems.map((one) => one.hint))].join('\n      '),
  });
}

export interface Planned {
  readonly plan: Plan;
  readonly observation: Observation;
}

/** Observes and plans. Rejects with EnvironmentError listing everything that forbids a plan. Changes nothing. */
export async function observeAndPlan(
  context: CommandContext,
  loaded: LoadedRendering,
  pull: Desired['pull'] = 'missing',
): Promise<Planned> {
  const { host, signal } = context;
  const { stack, outDir, rendered, lock } = loaded;
  const secrets = () => readSecrets(host, { stack, outDir, create: false });
  const provider = () => context.provider(stack.runtime);
  const observation = await observeStack({ provider, host, outDir, rendered, secrets }, signal);
  refuseForeignFiles(outDir, observation.fileChanges);
  const pins = stack.runtime === 'native' ? [] : pinnedImages(stack, lock, imagePlatform(host.arch));
  const desired: Desired = { rendered, bundled: bundledOf(stack), pull, pinnedImages: pins };
  const result = planChanges(desired, observation);
  if (!result.ok) throw problemsError(result.problems);
  return { plan: result.plan, observation };
}
