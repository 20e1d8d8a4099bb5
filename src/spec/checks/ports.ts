/** No two services on the same port of this machine. */
import { DEFAULT_SLOW_EXPORTER_PORT } from '../../catalog/programs.ts';
import { CONTAINER_PORTS } from '../../conventions.ts';
import { type Problem, problem } from '../document.ts';
import { nativeSpecOf } from '../resolve/native.ts';
import { LOOPBACK, publishedOf } from '../resolve/settings.ts';
import type { Spec } from '../schema/spec.ts';
import type { SpecPath } from '../yaml-tree.ts';

interface Listener {
  readonly path: SpecPath;
  /** How messages call it. */
  readonly label: string;
  readonly address: string;
  readonly port: number;
  readonly isDefault: boolean;
}

function serviceListeners(spec: Spec): readonly Listener[] {
  const sections = [
    { key: 'prometheus', ...spec.prometheus, enabled: true, standard: CONTAINER_PORTS.prometheus },
    {
      key: 'postgresExporter',
      ...spec.postgresExporter,
      enabled: true,
      standard: CONTAINER_PORTS['postgres-exporter'],
    },
    { key: 'alertmanager', ...spec.alertmanager, standard: CONTAINER_PORTS.alertmanager },
    { key: 'sqlExporter', ...spec.sqlExporter, standard: CONTAINER_PORTS['sql-exporter'] },
    { key: 'grafana', ...spec.grafana, standard: CONTAINER_PORTS.grafana },
    { key: 'nodeExporter', ...spec.nodeExporter, standard: CONTAINER_PORTS['node-exporter'] },
  ];
  return sections.flatMap((section) => {
    const published = section.enabled ? publishedOf(spec, section) : null;
    if (published === null) return [];
    const { key, standard } = section;
    return [
      {
        path: [key, 'port'],
        label: `${key}.port`,
        ...published,
        isDefault: published.port === standard,
      },
    ];
  });
}

/** The second postgres_exporter: a container's own, but natively a port of this machine. */
function slowExporterListeners(spec: Spec): readonly Listener[] {
  if (spec.runtime !== 'native') return [];
  const { slowExporterPort: port } = nativeSpecOf(spec);
  const isDefault = port === DEFAULT_SLOW_EXPORTER_PORT;
  return [
    {
      path: ['native', 'slowExporterPort'],
      label: 'native.slowExporterPort',
      address: LOOPBACK,
      port,
      isDefault,
    },
  ];
}

function bundledListeners(spec: Spec): readonly Listener[] {
  return spec.servers.flatMap(({ name, bundled }, i) => {
    if (bundled?.port === undefined) return [];
    const place = { path: ['servers', i, 'bundled', 'port'], label: `bundled.port of server "${name}"` };
    return [{ ...place, address: bundled.bind, port: bundled.port, isDefault: false }];
  });
}

const isWildcard = (address: string): boolean => address === '0.0.0.0' || address === '::';

function clash(a: Listener, b: Listener): boolean {
  return a.port === b.port && (a.address === b.address || isWildcard(a.address) || isWildcard(b.address));
}

/** Published ports that clash, the bind address considered. */
export function findPortProblems(spec: Spec): readonly Problem[] {
  const all = [...serviceListeners(spec), ...slowExporterListeners(spec), ...bundledListeners(spec)];
  // Those on their usual port come first, so that the blame falls on a port that somebody wrote.
  const listeners = all.toSorted((a, b) => Number(b.isDefault) - Number(a.isDefault));
  return listeners.flatMap((listener, i) => {
    const other = listeners.slice(0, i).find((earlier) => clash(earlier, listener));
    if (other === undefined) return [];
    return [
      problem(listener.path, `${listener.port} on ${listener.address} is already taken by ${other.label}`),
    ];
  });
}
