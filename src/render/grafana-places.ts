/** Where Grafana finds its dashboards and secrets, and how it is told to read a secret's file. */
import { layoutOf, type Placed } from './layout.ts';
import { secretPath } from './secret-files.ts';

/** For provisioning files, where Grafana itself reads the file. */
export function fileReference(file: string): string {
  return `$__file{${file}}`;
}

/** `fileReference` of a secret's file. */
export function secretReference(stack: Placed, id: string): string {
  return fileReference(secretPath(stack, 'grafana', id));
}

/** A setting of Grafana's environment: the image's start script reads files, elsewhere Grafana does so itself. */
export function secretSetting(stack: Placed, name: string, id: string): Readonly<Record<string, string>> {
  return stack.native === null
    ? { [`${name}__FILE`]: secretPath(stack, 'grafana', id) }
    : { [name]: secretReference(stack, id) };
}

/** Directories of dashboards as Grafana sees them. */
export function dashboardDirs(stack: Placed): { readonly own: string; readonly more: string } {
  const config = layoutOf(stack).config('grafana');
  return { own: `${config}/dashboards`, more: `${config}/more-dashboards` };
}
