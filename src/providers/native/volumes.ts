/** Data directories of a stack. Their keys are those of the containers' volumes: `prometheus-data` is what `prometheus` keeps. */
import { EnvironmentError, systemReason } from '../../errors.ts';
import type { Host } from '../../host/host.ts';
import { nativeDataDir } from '../../stack/native-names.ts';
import type { ObservedResource } from '../provider.ts';
import { runTool } from './run-tool.ts';
import { filesOf } from './unit-names.ts';

const SUFFIX = '-data';
const ROOT = nativeDataDir('');

function volumePath(stackName: string, key: string): string {
  const service = key.endsWith(SUFFIX) ? key.slice(0, -SUFFIX.length) : key;
  return `${nativeDataDir(stackName)}/${service}`;
}

/** Every directory in the stack's own, sorted; nothing when it may not be read. */
export async function observeVolumes(
  { fs }: Pick<Host, 'fs'>,
  stackName: string,
): Promise<readonly ObservedResource[]> {
  const dir = nativeDataDir(stackName);
  const names = await fs.list(dir).catch(() => []);
  const infos = await Promise.all(names.map((name) => fs.stat(`${dir}/${name}`)));
  return names
    .filter((_, index) => infos[index]?.kind === 'directory')
    .map((name) => ({ key: `${name}${SUFFIX}`, name: `${dir}/${name}` }));
}

/** Made with its owner by the stack's tmpfiles.d file; one that the file does not name gets its owner when its service starts. */
export async function createVolume(
  host: Pick<Host, 'exec' | 'fs'>,
  stackName: string,
  key: string,
): Promise<string> {
  const dir = volumePath(stackName, key);
  const { tmpfiles } = filesOf(stackName);
  if ((await host.fs.stat(tmpfiles)) !== null) {
    const tool = { action: `make ${dir}`, file: 'systemd-tmpfiles', args: ['--create', tmpfiles] };
    await runTool(host, tool);
  }
  try {
    if ((await host.fs.stat(dir)) === null) await host.fs.ensureDirectory(dir, { mode: 0o700 });
  } catch (cause) {
    throw new EnvironmentError(`cannot make ${dir}: ${systemReason(cause)}`, {
      code: 'volume-not-made',
      cause,
    });
  }
  return dir;
}

/** Its parents go with it when nothing is left in them. */
async function removeEmptyParents(host: Pick<Host, 'exec'>, dir: string): Promise<void> {
  const parent = dir.slice(0, dir.lastIndexOf('/'));
  const args = ['--ignore-fail-on-non-empty', '--', parent, ROOT.replace(/\/$/, '')];
  await host.exec('rmdir', args);
}

/** Gone already is success. Refuses whatever is not exactly a service's directory of some stack. */
export async function removeVolume(host: Pick<Host, 'exec' | 'fs'>, dir: string): Promise<void> {
  if (!/^\/var\/lib\/pgmon\/[a-z0-9][a-z0-9-]*\/[a-z0-9][a-z0-9-]*$/.test(dir)) {
    throw new EnvironmentError(`${dir} is no data directory of a stack: it is left alone`, {
      code: 'not-a-volume',
    });
  }
  try {
    // The directory is real where its path leads: a link in it would lead elsewhere.
    const isThere = (await host.fs.stat(dir)) !== null;
    if (isThere && (await host.fs.realPath(dir)) !== dir) {
      throw new EnvironmentError(`${dir} is a link to somewhere else: it is left alone`, {
        code: 'not-a-volume',
        hint: `remove it by hand: \`rm ${dir}\``,
      });
    }
    await host.fs.remove(dir);
    await removeEmptyParents(host, dir);
  } catch (cause) {
    if (cause instanceof EnvironmentError) throw cause;
    throw new EnvironmentError(`cannot remove ${dir}: ${systemReason(cause)}`, {
      code: 'volume-stays',
      cause,
    });
  }
}
