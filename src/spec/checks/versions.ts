/** Versions and images: not older than what the rendered files work with, and known at all. */
import {
  COMPONENT_NAMES,
  COMPONENTS,
  compareVersions,
  versionFromReference,
} from '../../catalog/components.ts';
import { type Problem, problem } from '../document.ts';
import type { Spec } from '../schema/spec.ts';
import { COMPONENT_KEYS } from '../schema/versions.ts';

/** The version that the spec asks for, from `versions` or from the image's tag; null when it says nothing. */
function askedVersion(spec: Spec, key: keyof Spec['versions']): string | null {
  const image = spec.images[key];
  return spec.versions[key] ?? (image === undefined ? null : versionFromReference(image));
}

/** Versions that are too old, images whose version nobody can tell. */
export function findVersionProblems(spec: Spec): readonly Problem[] {
  return COMPONENT_NAMES.flatMap((name) => {
    const key = COMPONENT_KEYS[name];
    const path = [spec.versions[key] === undefined ? 'images' : 'versions', key];
    const version = askedVersion(spec, key);
    if (version === null) {
      if (spec.images[key] === undefined) return [];
      return [problem(path, `does not tell the version in its tag: say it in \`versions.${key}\``)];
    }
    const { minimumVersion } = COMPONENTS[name];
    if (compareVersions(version, minimumVersion) >= 0) return [];
    return [
      problem(path, `asks for ${name} ${version}, but ${minimumVersion} is the oldest that pgmon works with`),
    ];
  });
}
