/** Removes packages that pgmon installed, what came along with them, and the users that they made. Never what others need. */
import type { Host } from '../../../host/host.ts';
import { removeGrafanaRepository } from './grafana-repository.ts';
import {
  linesOf,
  PURGE_SCRIPT,
  runPackageScript,
  SIMULATE_SCRIPT,
  UNNEEDED_SCRIPT,
} from './package-tools.ts';
import { type InstallRecord, readRecords, removeRecord } from './records.ts';

type PackageRecord = InstallRecord & { readonly kind: 'package' };
type Named = InstallRecord & { readonly name: string };

function ofKind<K extends InstallRecord['kind']>(records: readonly InstallRecord[], kind: K) {
  return records.filter((record): record is InstallRecord & { readonly kind: K } => record.kind === kind);
}

async function run(host: Host, script: string, args: readonly string[], signal: AbortSignal) {
  return linesOf(await runPackageScript(host, { script, args, action: 'remove packages' }, signal));
}

/**
 * Purges and forgets the packages when nothing else would go with them but what came along with packages of ours (Debian's
 * nodejs brings modules that need it in turn); what else would, otherwise.
 */
async function purge(host: Host, records: readonly Named[], signal: AbortSignal): Promise<readonly string[]> {
  const names = records.map(({ name }) => name);
  const going = await run(host, SIMULATE_SCRIPT, names, signal);
  // apt marks what is purged with a star and may name the architecture.
  const others = going.map((name) => name.replace(/[*:].*$/, '')).filter((name) => !names.includes(name));
  const along = ofKind(await readRecords(host), 'dependency').filter(({ name }) => others.includes(name));
  const strangers = others.filter((name) => !along.some((record) => record.name === name));
  if (strangers.length > 0) return strangers;
  const all = [...records, ...along];
  const allNames = all.map(({ name }) => name);
  if (going.length > 0) await run(host, PURGE_SCRIPT, allNames, signal);
  for (const record of all) await removeRecord(host, record);
  return [];
}

async function purgeUnneeded(host: Host, signal: AbortSignal): Promise<void> {
  const dependencies = ofKind(await readRecords(host), 'dependency');
  if (dependencies.length === 0) return;
  const unneeded = await run(host, UNNEEDED_SCRIPT, [], signal);
  const ours = dependencies.filter(({ name }) => unneeded.includes(name));
  if (ours.length > 0) await purge(host, ours, signal);
}

/** With the last package of ours: several packages share a user. */
async function removeUsers(host: Host): Promise<void> {
  const records = await readRecords(host);
  if (ofKind(records, 'package').length > 0) return;
  for (const record of ofKind(records, 'user')) {
    const { exitCode } = await host.exec('userdel', [record.name]);
    const isGone = exitCode === 0 || exitCode === 6;
    if (isGone) await removeRecord(host, record);
  }
}

/** Why it stays, in words; null when it has gone. */
export async function uninstallPackage(
  host: Host,
  record: PackageRecord,
  signal: AbortSignal,
): Promise<string | null> {
  const others = await purge(host, [record], signal);
  if (others.length > 0) return `${others.join(', ')} would go with it`;
  if (record.repository === 'grafana') await removeGrafanaRepository(host);
  await purgeUnneeded(host, signal);
  await removeUsers(host);
  return null;
}
