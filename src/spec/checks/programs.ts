/** Where each program comes from natively: keys that fit together, and a version that names an archive. */
import { COMPONENT_KEYS, COMPONENTS } from '../../catalog/components.ts';
import { NATIVE_COMPONENTS, type NativeComponent } from '../../catalog/programs.ts';
import { type Problem, problem } from '../document.ts';
import { nativeSpecOf, sourceKind } from '../resolve/native.ts';
import type { NativeSpec, ProgramSpec } from '../schema/native.ts';
import type { Spec } from '../schema/spec.ts';

function findKeyProblems(section: NativeSpec, component: NativeComponent): readonly Problem[] {
  const key = COMPONENT_KEYS[component];
  const own: ProgramSpec = section.programs[key] ?? {};
  const path = ['native', 'programs', key];
  const kind = sourceKind(section, own);
  if (kind === 'archives') {
    if (own.path === undefined) return [];
    const where = `archives are unpacked into ${section.directory}`;
    return [
      problem([...path, 'path'], `goes with \`from: installed\` or \`packages\` only: ${where}`, 'key'),
    ];
  }
  return (['archive', 'sha256'] as const)
    .filter((name) => own[name] !== undefined)
    .map((name) => problem([...path, name], `has no effect with \`from: ${kind}\``, 'key'));
}

/** Whether a service of this component is asked for; the exporter and Prometheus always are. */
function isWanted(spec: Spec, component: NativeComponent): boolean {
  switch (component) {
    case 'sql-exporter':
      return spec.sqlExporter.enabled;
    case 'node-exporter':
      return spec.nodeExporter.enabled;
    case 'grafana':
      return spec.grafana.enabled;
    case 'alertmanager':
      return spec.alertmanager.enabled && spec.alerting.engine === 'alertmanager';
    default:
      return true;
  }
}

/** A file name has the whole version in it; `3.5` names no file. */
function findVersionProblems(
  spec: Spec,
  section: NativeSpec,
  component: NativeComponent,
): readonly Problem[] {
  const key = COMPONENT_KEYS[component];
  const version = spec.versions[key];
  const own: ProgramSpec = section.programs[key] ?? {};
  const isNamed = own.archive !== undefined || sourceKind(section, own) !== 'archives';
  if (version === undefined || isNamed || !isWanted(spec, component)) return [];
  if (version.split('.').length >= 3) return [];
  const example = COMPONENTS[component].version;
  return [
    problem(
      ['versions', key],
      `"${version}" does not name a release archive: write all three numbers, such as "${example}"`,
    ),
  ];
}

/** Problems of `native.programs` and of the versions that archives are named after. */
export function findProgramProblems(spec: Spec): readonly Problem[] {
  const section = nativeSpecOf(spec);
  return NATIVE_COMPONENTS.flatMap((component) => [
    ...findKeyProblems(section, component),
    ...findVersionProblems(spec, section, component),
  ]);
}
