/** Removes the programs that pgmon installed and that no unit of another stack runs. For `down --purge`. */
import { SERVICE_NAMES } from '../../../conventions.ts';
import type { Host } from '../../../host/host.ts';
import { unitName } from '../../../stack/native-names.ts';
import type { RemovedPrograms } from '../../provider.ts';
import { uninstallArchive } from './install-archive.ts';
import { type Installed, readRecords } from './records.ts';
import { uninstallPackage } from './uninstall-package.ts';
import { readUnits, type UnitTexts, unitThatRuns } from './unit-texts.ts';

/** Somebody uses the distribution's own service by now. */
async function isServiceInUse(
  host: Pick<Host, 'exec'>,
  record: Installed,
  signal: AbortSignal,
): Promise<boolean> {
  if (record.kind !== 'package' || record.unit === null) return false;
  const ask = (verb: string, unit: string) =>
    host.exec('systemctl', [verb, '--quiet', '--', unit], { signal });
  const answers = await Promise.all([ask('is-enabled', record.unit), ask('is-active', record.unit)]);
  return answers.some(({ exitCode }) => exitCode === 0);
}

async function removeOne(
  host: Host,
  { record, units }: { readonly record: Installed; readonly units: UnitTexts },
  signal: AbortSignal,
): Promise<string | null> {
  const user = unitThatRuns(units, record);
  if (user !== null) return `${user} runs it`;
  if (await isServiceInUse(host, record, signal))
    return `${record.kind === 'package' ? record.unit : ''} is in use`;
  if (record.kind === 'package') return uninstallPackage(host, record, signal);
  await uninstallArchive(host, record.directory);
  return null;
}

/** Programs that pgmon did not install are not touched. Rejects with EnvironmentError or CancelledError. */
export async function removePrograms(
  host: Host,
  stackName: string,
  signal: AbortSignal,
): Promise<RemovedPrograms> {
  const units = await readUnits(
    host,
    SERVICE_NAMES.map((service) => unitName(stackName, service)),
  );
  const removed: string[] = [];
  const kept: { name: string; reason: string }[] = [];
  for (const record of await readRecords(host)) {
    if (record.kind !== 'archive' && record.kind !== 'package') continue;
    const name = record.kind === 'archive' ? record.directory : record.name;
    const reason = await removeOne(host, { record, units }, signal);
    if (reason === null) removed.push(name);
    else kept.push({ name, reason });
  }
  return { removed, kept };
}
