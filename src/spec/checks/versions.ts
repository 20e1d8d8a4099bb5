/** Images whose version is too old or cannot be told; `versions` itself is checked by the schema. */
import {
  COMPONENT_KEYS,
  COMPONENT_NAMES,
  COMPONENTS,
  compareVersions,
  versionFromReference,
} from '../../catalog/components.ts';
import { type Problem, problem } from '../document.ts';
import type { Spec } from '../schema/spec.ts';

/** Rendering depends on the version: an image must say it in its tag, or `versions` must. */
export function findVersionProblems(spec: Spec): readonly Problem[] {
  return COMPONENT_NAMES.flatMap((name) => {
    const key = COMPONENT_KEYS[name];
    const image = spec.images[key];
    if (image === undefined || spec.versions[key] !== undefined) return [];
    const version = versionFromReference(image);
    if (version === null) {
      return [
        problem(['images', key], `does not tell the version in its tag: say it in \`versions.${key}\``),
      ];
    }
    const { minimumVersion } = COMPONENTS[name];
    if (compareVersions(version, minimumVersion) >= 0) return [];
    return [
      problem(
        ['images', key],
        `is ${name} ${version}, but ${minimumVersion} is the oldest that pgmon works with`,
      ),
    ];
  });
}
