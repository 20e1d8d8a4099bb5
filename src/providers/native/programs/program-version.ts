/** Asks a program for its version. Each prints it in its own way. */
import type { ComponentName } from '../../../catalog/components.ts';
import type { Host } from '../../../host/host.ts';

const NUMBER = '(\\d+(?:\\.\\d+)+)';

/** The whole first words, so that another program of the same name is not taken for ours. */
const FORMATS: Readonly<Partial<Record<ComponentName, RegExp>>> = {
  prometheus: new RegExp(`^prometheus, version ${NUMBER}`, 'm'),
  alertmanager: new RegExp(`^alertmanager, version ${NUMBER}`, 'm'),
  'postgres-exporter': new RegExp(`^postgres_exporter, version ${NUMBER}`, 'm'),
  'node-exporter': new RegExp(`^node_exporter, version ${NUMBER}`, 'm'),
  'sql-exporter': new RegExp(`^v${NUMBER}`, 'm'),
  grafana: new RegExp(`^(?:grafana(?:-server)? version|Version) ${NUMBER}`, 'm'),
};

const TIMEOUT_MS = 10_000;

export type AskedVersion =
  | { readonly kind: 'version'; readonly version: string }
  /** It is there but is not the program, or cannot run here; `reason` in words. */
  | { readonly kind: 'unknown'; readonly reason: string };

/** The version in what `--version` printed; null when it is another program's. */
export function parseVersion(component: ComponentName, text: string): string | null {
  return FORMATS[component]?.exec(text)?.[1] ?? null;
}

export async function askVersion(
  host: Pick<Host, 'exec'>,
  { component, path }: { readonly component: ComponentName; readonly path: string },
  signal: AbortSignal,
): Promise<AskedVersion> {
  const result = await host.exec(path, ['--version'], { signal, timeoutMs: TIMEOUT_MS });
  if (result.exitCode !== 0) {
    const how = result.exitCode === null ? `fails with ${result.errorCode}` : `ends with ${result.exitCode}`;
    return { kind: 'unknown', reason: `${path} --version ${how}` };
  }
  const said = `${result.stdout}\n${result.stderr}`;
  const version = parseVersion(component, said);
  if (version !== null) return { kind: 'version', version };
  const first = said.trim().split('\n')[0]?.slice(0, 80) ?? '';
  return { kind: 'unknown', reason: `${path} --version answers "${first}"` };
}
