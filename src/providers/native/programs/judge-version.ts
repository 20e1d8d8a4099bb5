/** Decides whether a version serves the files that were rendered for a program. Pure. */
import { COMPONENT_KEYS, type ComponentName, compareVersions } from '../../../catalog/components.ts';
import { VERSION_BOUNDARIES } from '../../../catalog/versions.ts';
import type { Program } from '../../../stack/native.ts';
import type { Obstacle } from '../../provider.ts';

/** The line of the spec that chooses a version. */
function specLine(component: ComponentName, version: string): string {
  return `versions.${COMPONENT_KEYS[component]}: "${version}"`;
}

/** How to get a newer one, as each source would. */
function wayOut({ component, source, minimumVersion }: Program): string {
  switch (source.kind) {
    case 'archive':
      return `write a newer version in the spec, at least \`${specLine(component, minimumVersion)}\``;
    case 'package':
      return `take upstream's release: write \`native.programs.${COMPONENT_KEYS[component]}: { from: archives }\` in the spec`;
    default:
      return `install a newer one, or write \`native.programs.${COMPONENT_KEYS[component]}: { from: archives }\` in the spec`;
  }
}

/** Null when the version serves. `place` says where it is: `/usr/bin/prometheus` or `the package prometheus`. */
export function judgeVersion(program: Program, version: string, place: string): Obstacle | null {
  const { component, minimumVersion } = program;
  if (compareVersions(version, minimumVersion) < 0) {
    return {
      code: 'program-too-old',
      message: `${place} is ${component} ${version}, and pgmon's configuration needs ${minimumVersion} or newer`,
      hint: wayOut(program),
    };
  }
  const isBefore = (one: string, boundary: string) => compareVersions(one, boundary) < 0;
  const differs = (VERSION_BOUNDARIES[component] ?? []).some(
    (boundary) => isBefore(version, boundary) !== isBefore(program.version, boundary),
  );
  if (!differs) return null;
  return {
    code: 'program-other-version',
    message: `${place} is ${component} ${version}, and the files are rendered for ${program.version}, which it reads differently`,
    hint: `write \`${specLine(component, version)}\` in the spec`,
  };
}
