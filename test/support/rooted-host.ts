/** A machine for native command lines: paths of the system lie in a directory of the test, and systemd says that it has no units. */
import path from 'node:path';
import type { ExecResult, HostFs } from '../../src/host/host.ts';
import { createNodeHost } from '../../src/host/node-host.ts';
import { createFakeHost, type FakeHost, type FakeHostOptions } from './fake-host.ts';

const SYSTEM = /^\/(etc|run|opt|var|usr|proc|lib|srv)(\/|$)/;

function rootedFs(fs: HostFs, root: string): HostFs {
  const at = (file: string) =>
    SYSTEM.test(file) && !file.startsWith(`${root}/`) ? path.join(root, file) : file;
  return {
    readText: (file) => fs.readText(at(file)),
    readTextIfExists: (file) => fs.readTextIfExists(at(file)),
    writeAtomic: (file, ...more) => fs.writeAtomic(at(file), ...more),
    writeInto: (file, text) => fs.writeInto(at(file), text),
    createExclusive: (file, text) => fs.createExclusive(at(file), text),
    ensureDirectory: (dir, ...more) => fs.ensureDirectory(at(dir), ...more),
    list: (dir) => fs.list(at(dir)),
    stat: (file) => fs.stat(at(file)),
    remove: (file) => fs.remove(at(file)),
    realPath: async (file) => (await fs.realPath(at(file))).replace(new RegExp(`^${root}(?=/)`), ''),
  };
}

const SAYS: Readonly<Record<string, string>> = {
  '--version': 'systemd 257 (257.7-1)\n',
  'list-units': '',
  show: '',
};

/** Any other program is a mistake of the command: it would change this machine. */
async function answer(file: string, args: readonly string[]): Promise<ExecResult> {
  const stdout = file === 'systemctl' ? SAYS[args[0] ?? ''] : undefined;
  if (stdout === undefined) throw new Error(`this test must not run ${[file, ...args].join(' ')}`);
  return { exitCode: 0, stdout, stderr: '', errorCode: null };
}

export interface RootedOptions extends FakeHostOptions {
  /** Stands for `/` in what the system's paths name. */
  readonly root: string;
  /** Default 0. */
  readonly uid?: number;
}

export function createRootedHost({ root, uid = 0, ...options }: RootedOptions): FakeHost {
  const { fs } = createNodeHost({ signal: new AbortController().signal });
  const host = createFakeHost({ exec: answer, ...options });
  return { ...host, uid, platform: 'linux', fs: rootedFs(fs, root), isPortFree: async () => true };
}
