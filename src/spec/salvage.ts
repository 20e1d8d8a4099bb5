/** What can still be used of a spec that the schema refused, so that contradictions show up in the same run. */
import type { Problem } from './document.ts';
import { type Spec, specSchema } from './schema/spec.ts';

/** Sections whose ports are compared with each other's. */
const SERVICES = [
  'prometheus',
  'postgresExporter',
  'sqlExporter',
  'alertmanager',
  'grafana',
  'nodeExporter',
  'native',
  'runtime',
];

export interface Salvaged {
  readonly spec: Spec;
  /** Problems found in `spec` with their places in the whole text; those that only come from what was refused are left out. */
  readonly restore: (problems: readonly Problem[]) => readonly Problem[];
}

function salvageServers(value: unknown): {
  readonly servers: Spec['servers'];
  readonly indexes: readonly number[];
} {
  const schema = specSchema.shape.servers.element;
  const parsed = (Array.isArray(value) ? value : []).map((server) => schema.safeParse(server));
  return {
    servers: parsed.flatMap(({ data }) => (data === undefined ? [] : [data])),
    indexes: parsed.flatMap(({ success }, i) => (success ? [i] : [])),
  };
}

/** A refused section counts with its defaults: what follows from those is not the user's doing. */
function isDoubtful({ path }: Problem, refused: ReadonlySet<string>): boolean {
  const section = String(path[0]);
  if (refused.has(section)) return true;
  if (section === 'native' || path.at(-1) === 'host') return refused.has('runtime');
  if (section === 'versions' || path.at(-1) === 'user') return refused.has('native');
  if (path.at(-1) === 'port' || path.at(-1) === 'slowExporterPort')
    return SERVICES.some((service) => refused.has(service));
  return section === 'images' && refused.has('versions');
}

/** Every section that is valid by itself, servers one by one. `name` and `apiVersion` may be missing. */
export function salvageSpec(value: object): Salvaged {
  const given = value as Readonly<Record<string, unknown>>;
  const { servers, indexes } = salvageServers(given.servers);
  const refused = new Set<string>();
  const sections = Object.entries(specSchema.shape).map(([key, schema]) => {
    const parsed = schema.safeParse(given[key]);
    if (parsed.success) return [key, parsed.data] as const;
    if (key !== 'servers') refused.add(key);
    return [key, schema.safeParse(undefined).data] as const;
  });
  const restorePath = ({ path: [section, index, ...rest], ...problem }: Problem): Problem => {
    const isServer = section === 'servers' && typeof index === 'number';
    const place = [section, isServer ? (indexes[index] ?? index) : index, ...rest].filter(
      (part) => part !== undefined,
    );
    return { ...problem, path: place };
  };
  return {
    spec: { ...Object.fromEntries(sections), servers } as unknown as Spec,
    restore: (problems) => problems.filter((each) => !isDoubtful(each, refused)).map(restorePath),
  };
}
