/** `--without NAME`: which services a run may leave out. */
import { OPTIONAL_SERVICES, SERVICE_NAMES } from '../../conventions.ts';
import type { SpecIssue } from '../issues.ts';
import { suggestion } from '../nearest.ts';

export type OptionalService = (typeof OPTIONAL_SERVICES)[number];

const isOptional = (name: string): name is OptionalService => OPTIONAL_SERVICES.some((each) => each === name);

export function isLeftOut(service: OptionalService, without: readonly string[]): boolean {
  return without.includes(service);
}

/** One issue for each name that is unknown or cannot be left out. */
export function findWithoutIssues(without: readonly string[], file: string): readonly SpecIssue[] {
  return without
    .filter((name) => !isOptional(name))
    .map((name) => {
      const message = SERVICE_NAMES.some((service) => service === name)
        ? `${name} cannot be left out: the rest needs it; --without takes ${OPTIONAL_SERVICES.join(', ')}`
        : `--without does not know "${name}"${suggestion(name, OPTIONAL_SERVICES)}`;
      return { file, line: 1, column: 1, path: '', message };
    });
}
