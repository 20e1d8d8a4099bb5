/** What pgmon installed on this machine, one small file each, so that `down --purge` removes exactly that. Shared by all stacks. */
import path from 'node:path';
import type { Host } from '../../../host/host.ts';

/** No stack can have this name, and with it this data directory. */
const RECORDS_DIR = '/var/lib/pgmon/.programs';

export type InstallRecord =
  | { readonly kind: 'archive'; readonly directory: string }
  /** `program`: what units name; `unit`: the distribution's own service. */
  | {
      readonly kind: 'package';
      readonly name: string;
      readonly program: string;
      readonly unit: string | null;
      readonly repository: 'distribution' | 'grafana';
    }
  /** Came along with a package. */
  | { readonly kind: 'dependency'; readonly name: string }
  /** A system user that a package made. */
  | { readonly kind: 'user'; readonly name: string };

/** What came for its own sake. */
export type Installed = InstallRecord & { readonly kind: 'archive' | 'package' };

function nameOf(record: InstallRecord): string {
  return record.kind === 'archive' ? path.posix.basename(record.directory) : record.name;
}

function fileOf(record: InstallRecord): string {
  return `${RECORDS_DIR}/${record.kind}-${nameOf(record)}.json`;
}

export async function writeRecord(host: Pick<Host, 'fs'>, record: InstallRecord): Promise<void> {
  await host.fs.writeAtomic(fileOf(record), `${JSON.stringify(record)}\n`);
}

/** The directories of the records go with the last one, unless something else is in them. */
export async function removeRecord(host: Pick<Host, 'fs'>, record: InstallRecord): Promise<void> {
  await host.fs.remove(fileOf(record));
  for (const dir of [RECORDS_DIR, path.posix.dirname(RECORDS_DIR)]) {
    if ((await host.fs.stat(dir)) === null || (await host.fs.list(dir)).length > 0) return;
    await host.fs.remove(dir);
  }
}

/** All of them, by name of their files. A file that is no record of ours is skipped. */
export async function readRecords(host: Pick<Host, 'fs'>): Promise<readonly InstallRecord[]> {
  const names = (await host.fs.list(RECORDS_DIR)).filter((name) => /^[a-z]+-.*\.json$/.test(name));
  const texts = await Promise.all(names.map((name) => host.fs.readText(`${RECORDS_DIR}/${name}`)));
  return texts.map((text) => JSON.parse(text) as InstallRecord);
}
