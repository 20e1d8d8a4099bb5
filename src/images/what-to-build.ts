/** Which stand-ins a stack can use: those of components whose image is not named in the spec and that Debian packages. */
import { upstreamReference } from '../catalog/components.ts';
import { imagesOf } from '../stack/images-of.ts';
import type { Stack } from '../stack/stack.ts';
import { BUILDABLE_COMPONENTS, type BuildableComponent } from './recipes.ts';

export interface BuildChoice {
  readonly components: readonly BuildableComponent[];
  /** Versions that the spec insists on. */
  readonly requiredVersions: Readonly<Partial<Record<BuildableComponent, string>>>;
  /** What is left out and why, in words. */
  readonly remarks: readonly string[];
}

export function isBuildable(name: string): name is BuildableComponent {
  return BUILDABLE_COMPONENTS.some((known) => known === name);
}

/** Resolve the stack without the stand-ins of its lock file first: they would hide what the spec asks for. */
export function whatToBuild(stack: Stack): BuildChoice {
  const requiredVersions: Partial<Record<BuildableComponent, string>> = {};
  const components: BuildableComponent[] = [];
  const remarks: string[] = [];
  for (const [name, image] of imagesOf(stack)) {
    if (!isBuildable(name)) {
      remarks.push(
        `${name} has no distribution package: pull or load ${image.reference}, or run \`pgmon up --without ${name}\``,
      );
    } else if (image.chosenBy !== 'spec') components.push(name);
    else if (image.reference === upstreamReference(name, image.version)) {
      requiredVersions[name] = image.version;
      components.push(name);
    } else remarks.push(`${name} is not built: the spec names its image ${image.reference}`);
  }
  return { components, requiredVersions, remarks };
}
