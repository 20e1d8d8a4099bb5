/** Finds the process of this machine that holds a port, as far as it can be seen. */
import type { Host } from '../host/host.ts';
import { placeOf } from './native/unit-names.ts';

type HostView = Pick<Host, 'fs' | 'exec' | 'platform'>;

const ANY_ADDRESS = new Set(['', '0.0.0.0', '::']);

/** True when something listening on `held` is in the way of `wanted`. */
export function isInTheWay(held: string, wanted: string): boolean {
  return held === wanted || ANY_ADDRESS.has(held) || ANY_ADDRESS.has(wanted);
}

const LISTEN = '0A';

/** The kernel writes each 32-bit word of an address in its own (little-endian) order. */
function parseProcAddress(hex: string): string {
  const bytes = (hex.match(/.{8}/g) ?? []).flatMap((word) =>
    (word.match(/../g) ?? []).reverse().map((byte) => Number.parseInt(byte, 16)),
  );
  if (bytes.length === 4) return bytes.join('.');
  if (bytes.every((byte) => byte === 0)) return '::';
  const isMapped = bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 255 && bytes[11] === 255;
  if (isMapped) return bytes.slice(12).join('.');
  return bytes.slice(0, 15).every((byte) => byte === 0) && bytes[15] === 1 ? '::1' : hex.toLowerCase();
}

/** Inode of the socket that listens on the port, from the text of /proc/net/tcp or tcp6. */
export function listeningInode(table: string, port: number, address: string): string | null {
  const wanted = port.toString(16).toUpperCase().padStart(4, '0');
  for (const line of table.split('\n').slice(1)) {
    const [, local = '', , state, , , , , , inode] = line.trim().split(/\s+/);
    const [hex = '', localPort] = local.split(':');
    if (state === LISTEN && localPort === wanted && isInTheWay(parseProcAddress(hex), address))
      return inode ?? null;
  }
  return null;
}

/** Linux only: number of the process that listens on the port; null when nothing does, or it cannot be seen. */
export async function listeningPid(
  { fs, exec }: Pick<Host, 'fs' | 'exec'>,
  { port, address }: { readonly port: number; readonly address: string },
  signal: AbortSignal,
): Promise<number | null> {
  const tables = await Promise.all(
    ['/proc/net/tcp', '/proc/net/tcp6'].map((file) => fs.readText(file).catch(() => '')),
  );
  const inode = tables.map((table) => listeningInode(table, port, address)).find((found) => found !== null);
  if (inode === undefined) return null;
  // Other users' processes cannot be looked into: `find` then prints errors and nothing else.
  const found = await exec(
    'find',
    [
      '/proc',
      '-mindepth',
      '3',
      '-maxdepth',
      '3',
      '-path',
      '/proc/[0-9]*/fd/*',
      '-lname',
      `socket:\\[${inode}\\]`,
    ],
    { signal, timeoutMs: 5000 },
  );
  const pid = /^\/proc\/(\d+)\//m.exec(found.stdout)?.[1];
  return pid === undefined ? null : Number(pid);
}

/** `stack shop (pgmon-shop-prometheus.service, pid 812)` from the text of /proc/<pid>/cgroup; null for what is no unit of pgmon. */
export function stackHolder(cgroup: string, pid: number): string | null {
  const unit = /\/(pgmon-[^/\n]+\.service)$/m.exec(cgroup)?.[1];
  const place = unit === undefined ? null : placeOf(unit);
  return place === null ? null : `stack ${place.stackName} (${unit}, pid ${pid})`;
}

async function linuxHolder(
  host: HostView,
  port: number,
  address: string,
  signal: AbortSignal,
): Promise<string | null> {
  const pid = await listeningPid(host, { port, address }, signal);
  if (pid === null) return null;
  const [cgroup, comm] = await Promise.all(
    ['cgroup', 'comm'].map((file) => host.fs.readText(`/proc/${pid}/${file}`).catch(() => '')),
  );
  const stack = stackHolder(cgroup ?? '', pid);
  if (stack !== null) return stack;
  const name = (comm ?? '').trim();
  return `process ${name === '' ? '?' : name} (pid ${pid})`;
}

/** From `lsof -F pc`: lines `p<pid>` and `c<name>`. */
export function parseLsof(text: string): string | null {
  const pid = /^p(\d+)$/m.exec(text)?.[1];
  const name = /^c(.+)$/m.exec(text)?.[1] ?? '?';
  return pid === undefined ? null : `process ${name} (pid ${pid})`;
}

async function lsofHolder({ exec }: HostView, port: number, signal: AbortSignal): Promise<string | null> {
  const result = await exec('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-F', 'pc'], {
    signal,
    timeoutMs: 5000,
  });
  return parseLsof(result.stdout);
}

/** `process nginx (pid 812)`, or the native stack whose unit it is; null when nothing can be seen. */
export function processHolder(
  host: HostView,
  port: number,
  address: string,
  signal: AbortSignal,
): Promise<string | null> {
  return host.platform === 'linux'
    ? linuxHolder(host, port, address, signal)
    : lsofHolder(host, port, signal);
}
