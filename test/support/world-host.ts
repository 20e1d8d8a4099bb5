/** A host whose programs and files are those of a test machine: what runs in this process acts inside the container. */
import type { FileInfo, Host, HostFs } from '../../src/host/host.ts';
import { createNodeHost } from '../../src/host/node-host.ts';
import type { Ran, SystemdWorld } from './systemd-world.ts';
import { connectAgent, type RunInWorld } from './world-agent.ts';

const KINDS: Readonly<Record<string, FileInfo['kind']>> = {
  'regular file': 'file',
  'regular empty file': 'file',
  directory: 'directory',
  'symbolic link': 'symlink',
};

/** Errors of coreutils as Node's own. */
function systemError({ stderr }: Ran): Error {
  const code = stderr.includes('No such file') ? 'ENOENT' : stderr.includes('denied') ? 'EACCES' : 'EIO';
  return Object.assign(new Error(stderr.trim()), { code });
}

function worldFs(runInWorld: RunInWorld, user: string): HostFs {
  const run = async (command: readonly string[], input?: string) => {
    const ran = await runInWorld(command, { user, ...(input !== undefined && { input }) });
    if (ran.exitCode !== 0) throw systemError(ran);
    return ran.stdout;
  };
  const nullIfAbsent = (error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  };
  const stat = async (path: string): Promise<FileInfo | null> => {
    const text = await run(['stat', '--format=%F|%s|%.3Y|%a', '--', path]).catch(nullIfAbsent);
    if (text === null) return null;
    const [kind = '', size, seconds, mode = ''] = text.trim().split('|');
    return {
      kind: KINDS[kind] ?? 'other',
      size: Number(size),
      mtimeMs: Number(seconds) * 1000,
      mode: Number.parseInt(mode, 8),
    };
  };
  const readText = (path: string) => run(['cat', '--', path]);
  return {
    readText,
    readTextIfExists: (path) => readText(path).catch(nullIfAbsent),
    writeAtomic: async (path, content, { mode = 0o644 } = {}) => {
      const script = 'mkdir -p "$(dirname "$1")" && cat >"$1.new" && chmod "$2" "$1.new" && mv "$1.new" "$1"';
      await run(['sh', '-c', script, 'write', path, mode.toString(8)], String(content));
    },
    writeInto: async (path, content) => void (await run(['sh', '-c', 'cat >"$1"', 'write', path], content)),
    createExclusive: async (path, content) => {
      const script = 'umask 077; set -C; cat >"$1"';
      return (await runInWorld(['sh', '-c', script, 'write', path], { user, input: content })).exitCode === 0;
    },
    ensureDirectory: async (path, { mode } = {}) => {
      await run(['mkdir', '-p', '--', path]);
      if (mode !== undefined) await run(['chmod', mode.toString(8), path]);
    },
    list: async (path) => {
      const text = await run(['ls', '-A', '--', path]).catch(nullIfAbsent);
      return (text ?? '').split('\n').filter(Boolean).sort();
    },
    stat,
    remove: async (path) => void (await run(['rm', '-rf', '--', path])),
    realPath: async (path) => (await run(['realpath', '-e', '--', path])).trim(),
  };
}

/** `user`: who acts there. HTTP, clock and streams are this process's own. */
export function createWorldHost(world: SystemdWorld, user: 'root' | 'nobody' = 'root'): Host {
  const here = createNodeHost({ signal: new AbortController().signal });
  const runInWorld = connectAgent(world);
  return {
    ...here,
    uid: user === 'root' ? 0 : 65534,
    fs: worldFs(runInWorld, user),
    exec: async (file, args, { input, env, signal } = {}) => {
      signal?.throwIfAborted();
      const options = { user, ...(input !== undefined && { input }), ...(env !== undefined && { env }) };
      const { exitCode, stdout, stderr } = await runInWorld([file, ...args], options);
      const isAbsent = exitCode === 127 || exitCode === 126;
      return { exitCode: isAbsent ? null : exitCode, stdout, stderr, errorCode: isAbsent ? 'ENOENT' : null };
    },
    execLines: (file, args, { env = {}, ...rest } = {}) => {
      const variables = Object.entries(env).map(([name, value]) => `--env=${name}=${value}`);
      return here.execLines(
        'docker',
        ['exec', '--user', user, ...variables, world.name, file, ...args],
        rest,
      );
    },
  };
}
