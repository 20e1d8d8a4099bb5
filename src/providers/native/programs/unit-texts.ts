/** Which stack's unit runs a program that pgmon installed. */
import type { Host } from '../../../host/host.ts';
import type { Installed } from './records.ts';

/** Texts of pgmon's units by file name. */
export type UnitTexts = ReadonlyMap<string, string>;

const UNIT_DIR = '/etc/systemd/system';

/** Of all stacks, but for the units named in `except`. */
export async function readUnits(host: Pick<Host, 'fs'>, except: readonly string[] = []): Promise<UnitTexts> {
  const names = (await host.fs.list(UNIT_DIR)).filter((name) => /^pgmon-.*\.service$/.test(name));
  const others = names.filter((name) => !except.includes(name));
  const texts = await Promise.all(
    others.map(async (name) => (await host.fs.readTextIfExists(`${UNIT_DIR}/${name}`)) ?? ''),
  );
  return new Map(others.map((name, i) => [name, texts[i] ?? '']));
}

function isNamed(text: string, record: Installed): boolean {
  const words = text.split(/[\s="']+/);
  return record.kind === 'archive'
    ? words.some((word) => word.startsWith(`${record.directory}/`))
    : words.includes(record.program);
}

/** Null when none does. */
export function unitThatRuns(units: UnitTexts, record: Installed): string | null {
  return [...units].find(([, text]) => isNamed(text, record))?.[0] ?? null;
}
