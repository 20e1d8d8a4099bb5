/** What the native runtime adds to a stack: which program runs each service, where it listens, who runs it. */
import { COMPONENT_KEYS, COMPONENTS } from '../../catalog/components.ts';
import {
  type Archive,
  CHECKSUMS_FILE,
  NATIVE_COMPONENTS,
  type NativeComponent,
  PROGRAM_ORIGINS,
  type Release,
} from '../../catalog/programs.ts';
import type { ServiceName } from '../../conventions.ts';
import { imagesOf } from '../../stack/images-of.ts';
import type { Native, Program, ProgramSource } from '../../stack/native.ts';
import type { ServiceSettings, Stack } from '../../stack/stack.ts';
import { type NativeSpec, native, type ProgramSpec } from '../schema/native.ts';
import type { Spec } from '../schema/spec.ts';
import { peerUsersOf } from './peer-users.ts';
import { LOOPBACK } from './settings.ts';

/** The user of the exporters when no server on a socket asks for another. */
const DEFAULT_COLLECTOR_USER = 'pgmon';

/** The section with its defaults, whether or not the spec has it. */
export function nativeSpecOf({ native: section }: Pick<Spec, 'native'>): NativeSpec {
  return section ?? native.parse({});
}

/** Where a program comes from: its own section says so, or implies it, or it is as all are. */
export function sourceKind(
  { binaries }: NativeSpec,
  { from, path, archive, sha256 }: ProgramSpec,
): NativeSpec['binaries'] {
  if (from !== undefined) return from;
  if (archive !== undefined || sha256 !== undefined) return 'archives';
  return path !== undefined && binaries === 'archives' ? 'installed' : binaries;
}

const withoutSlash = (place: string): string => place.replace(/\/+$/, '');

interface ArchivePlace {
  readonly location: string;
  readonly checksums: string;
}

function placeOf(archive: Archive, release: Release, own: { mirror?: string; file?: string }): ArchivePlace {
  if (own.file !== undefined) {
    const directory = own.file.slice(0, own.file.lastIndexOf('/'));
    return { location: own.file, checksums: `${directory}/${CHECKSUMS_FILE}` };
  }
  const fileName = archive.fileName(release);
  if (own.mirror !== undefined) {
    const base = withoutSlash(own.mirror);
    return { location: `${base}/${fileName}`, checksums: `${base}/${CHECKSUMS_FILE}` };
  }
  const base = archive.upstream(release);
  return { location: `${base}/${fileName}`, checksums: `${base}/${archive.checksums(release)}` };
}

function fromArchive(section: NativeSpec, own: ProgramSpec, program: NativeComponent, version: string) {
  const { archive } = PROGRAM_ORIGINS[program];
  const directory = `${section.directory}/${program}-${version}`;
  const release = { version, architecture: section.architecture };
  const source: ProgramSource = {
    kind: 'archive',
    ...placeOf(archive, release, {
      ...(section.archives === undefined ? {} : { mirror: section.archives }),
      ...(own.archive === undefined ? {} : { file: own.archive }),
    }),
    sha256: own.sha256 ?? null,
    directory,
  };
  return { path: `${directory}/${archive.executable}`, source };
}

function placeProgram(
  section: NativeSpec,
  component: NativeComponent,
  version: string,
): Pick<Program, 'path' | 'source'> {
  const own = section.programs[COMPONENT_KEYS[component]] ?? {};
  const { name, repository, path } = PROGRAM_ORIGINS[component].package;
  switch (sourceKind(section, own)) {
    case 'installed':
      return { path: own.path ?? path, source: { kind: 'installed' } };
    case 'packages':
      return { path: own.path ?? path, source: { kind: 'package', name, repository } };
    case 'archives':
      return fromArchive(section, own, component, version);
  }
}

function resolvePrograms(section: NativeSpec, stack: Stack): Native['programs'] {
  const images = imagesOf(stack);
  return Object.fromEntries(
    NATIVE_COMPONENTS.flatMap((component) => {
      const version = images.get(component)?.version;
      if (version === undefined) return [];
      const { minimumVersion } = COMPONENTS[component];
      const program: Program = {
        component,
        version,
        minimumVersion,
        ...placeProgram(section, component, version),
      };
      return [[component, program]];
    }),
  );
}

function resolveListen({ slowExporterPort }: NativeSpec, stack: Stack): Native['listen'] {
  const services: readonly (readonly [ServiceName, ServiceSettings | null])[] = [
    ['prometheus', stack.prometheus],
    ['postgres-exporter', stack.postgresExporter],
    ['sql-exporter', stack.sqlExporter],
    ['alertmanager', stack.alertmanager],
    ['node-exporter', stack.nodeExporter],
    ['grafana', stack.grafana],
  ];
  const published = services.flatMap(([name, service]) => {
    const place = service?.published ?? null;
    return place === null ? [] : [[name, place] as const];
  });
  return {
    ...Object.fromEntries(published),
    'postgres-exporter-slow': { address: LOOPBACK, port: slowExporterPort },
  };
}

/** For a stack with `runtime: native` whose other parts are resolved. */
export function resolveNative(spec: Spec, stack: Stack): Native {
  const section = nativeSpecOf(spec);
  return {
    programs: resolvePrograms(section, stack),
    listen: resolveListen(section, stack),
    collectorUser: section.collectorUser ?? peerUsersOf(spec)[0] ?? DEFAULT_COLLECTOR_USER,
  };
}
