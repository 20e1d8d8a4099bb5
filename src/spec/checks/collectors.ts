/** Collectors that the exporter does not have: it would not start, and say so only in its log. */
import { knownCollectors } from '../../catalog/collectors.ts';
import { COMPONENTS, versionFromReference } from '../../catalog/components.ts';
import { type Problem, problem } from '../document.ts';
import { suggestion } from '../nearest.ts';
import type { Spec } from '../schema/spec.ts';

function exporterVersion({ images, versions }: Spec): string {
  const { postgresExporter: image } = images;
  const told = image === undefined ? null : versionFromReference(image);
  return versions.postgresExporter ?? told ?? COMPONENTS['postgres-exporter'].version;
}

/** Names that this exporter version does not know, and names that are turned on and off at once. */
export function findCollectorProblems(spec: Spec): readonly Problem[] {
  const { enable, disable } = spec.postgresExporter.collectors;
  const version = exporterVersion(spec);
  const known = knownCollectors(version);
  const unknown = (key: 'enable' | 'disable') => (name: string, index: number) =>
    known.includes(name)
      ? []
      : [
          problem(
            ['postgresExporter', 'collectors', key, index],
            `postgres_exporter ${version} has no collector "${name}"${suggestion(name, known)}`,
          ),
        ];
  const both = disable.flatMap((name, index) =>
    enable.includes(name)
      ? [
          problem(
            ['postgresExporter', 'collectors', 'disable', index],
            `"${name}" stands under \`enable\` too`,
          ),
        ]
      : [],
  );
  return [...enable.flatMap(unknown('enable')), ...disable.flatMap(unknown('disable')), ...both];
}
