/** Looks at the programs that the units run: there, able to run, of a version that serves. Changes nothing. */
import path from 'node:path';
import { COMPONENT_KEYS } from '../../../catalog/components.ts';
import { CancelledError } from '../../../errors.ts';
import type { Host } from '../../../host/host.ts';
import type { Program } from '../../../stack/native.ts';
import type { Service } from '../../../stack/rendered-stack.ts';
import type { ObservedImage, Obstacle } from '../../provider.ts';
import { observeDistribution } from '../require-systemd.ts';
import { findCandidate } from './apt.ts';
import { judgeVersion } from './judge-version.ts';
import { askVersion } from './program-version.ts';

export interface ObservedPrograms {
  /** By `Service.image`; null = to be installed. */
  readonly images: ReadonlyMap<string, ObservedImage | null>;
  readonly obstacles: readonly Obstacle[];
}

type Looks = Pick<Host, 'exec' | 'fs' | 'uid'>;
type Judged = { readonly image: ObservedImage | null; readonly obstacle: Obstacle | null };

const HOMES = /^\/(root|home|run\/user)\//;

function stopped(obstacle: Obstacle): Judged {
  return { image: null, obstacle };
}

/** The first part of a path, links resolved, that other users cannot enter or run; null when there is none. */
async function closedPart(host: Looks, real: string): Promise<string | null> {
  const parts = real.split('/').map((_, i, all) => all.slice(0, i + 1).join('/'));
  const infos = await Promise.all(parts.slice(1).map((part) => host.fs.stat(part)));
  const index = infos.findIndex((info) => info !== null && (info.mode & 0o001) === 0);
  return index === -1 ? null : (parts[index + 1] ?? null);
}

/** A unit sees home directories only when its program's path is in one, and runs as a user that must be let in. */
async function hiddenObstacle(host: Looks, { component, path: file }: Program): Promise<Obstacle | null> {
  // A link that leads nowhere is reported by the version question.
  const real = await host.fs.realPath(file).catch(() => file);
  const closed = await closedPart(host, real);
  const isHidden = HOMES.test(real) && !HOMES.test(file);
  if (closed === null && !isHidden) return null;
  const why = isHidden
    ? `${file} leads to ${real}, and a unit does not see home directories`
    : `${file} is not for every user to run: look at the mode of ${closed}`;
  return {
    code: 'program-hidden',
    message: `${component}: ${why}`,
    hint: `move it, for instance to /usr/local/bin, and write its path as \`native.programs.${COMPONENT_KEYS[component]}.path\``,
  };
}

async function judgePresent(host: Looks, program: Program, signal: AbortSignal): Promise<Judged> {
  const hidden = await hiddenObstacle(host, program);
  if (hidden !== null) return stopped(hidden);
  const asked = await askVersion(host, program, signal);
  if (signal.aborted) throw new CancelledError();
  if (asked.kind === 'unknown') {
    return stopped({
      code: 'program-unusable',
      message: `${program.component}: ${asked.reason}`,
      hint: `make it a ${program.component} of version ${program.minimumVersion} or newer, or write another \`native.programs.${COMPONENT_KEYS[program.component]}.path\` in the spec`,
    });
  }
  const obstacle = judgeVersion(program, asked.version, program.path);
  return { image: { id: asked.version, digests: [] }, obstacle };
}

async function judgePackage(host: Looks, program: Program, signal: AbortSignal): Promise<Judged> {
  const { source, component } = program;
  if (source.kind !== 'package') return { image: null, obstacle: null };
  const candidate = await findCandidate(host, source.name, signal);
  if (candidate.kind === 'no-apt') {
    return stopped({
      code: 'no-apt',
      message: `${component}: ${program.path} is not there, and ${await observeDistribution(host)} has no apt that could install ${source.name}`,
      hint: '`pgmon render --script` prints a script that installs with dnf, or write `native.binaries: archives` in the spec',
    });
  }
  const isFromElsewhere = source.repository === 'grafana';
  const obstacle =
    candidate.kind === 'none' || isFromElsewhere
      ? null
      : judgeVersion(program, candidate.version, `the package ${source.name}`);
  return { image: null, obstacle };
}

async function judgeAbsent(host: Looks, program: Program, signal: AbortSignal): Promise<Judged> {
  const { component, source } = program;
  if (source.kind === 'package') return judgePackage(host, program, signal);
  if (source.kind === 'installed') {
    return stopped({
      code: 'program-missing',
      message: `${component}: there is no ${program.path}`,
      hint: `install it, or write \`native.binaries: archives\` in the spec, and pgmon installs upstream's release`,
    });
  }
  if ((await host.fs.stat(source.directory)) === null) return { image: null, obstacle: null };
  return stopped({
    code: 'program-incomplete',
    message: `${component}: ${source.directory} is there without ${path.relative(source.directory, program.path)}`,
    hint: `remove it, and pgmon unpacks the release again: \`rm -r ${source.directory}\``,
  });
}

async function judge(host: Looks, program: Program, signal: AbortSignal): Promise<Judged> {
  const info = await host.fs.stat(program.path);
  return info === null ? judgeAbsent(host, program, signal) : judgePresent(host, program, signal);
}

/** All at once; a version question costs one start of the program. Rejects only with CancelledError and errors of the disk. */
export async function observePrograms(
  host: Looks,
  services: readonly Service[],
  signal: AbortSignal,
): Promise<ObservedPrograms> {
  const programs = new Map(
    services.flatMap(({ image, program }) => (program === null ? [] : [[image, program] as const])),
  );
  const judged = await Promise.all(
    [...programs].map(async ([image, program]) => [image, await judge(host, program, signal)] as const),
  );
  return {
    images: new Map(judged.map(([image, { image: observed }]) => [image, observed])),
    obstacles: judged.flatMap(([, { obstacle }]) => (obstacle === null ? [] : [obstacle])),
  };
}
