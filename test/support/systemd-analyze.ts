/** What `systemd-analyze` says about rendered units, offline: in a directory that has the programs they name, and nothing else. */
import { execFile, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { nativeConfigDir } from '../../src/stack/native-names.ts';
import type { RenderedStack } from '../../src/stack/rendered-stack.ts';

const run = promisify(execFile);

/** Null when units are judged (always with `CI` set); otherwise why they are not. */
export function systemdAnalyzeMissing(): string | null {
  if (process.env.CI !== undefined) return null;
  const { error } = spawnSync('systemd-analyze', ['--version']);
  return error === undefined ? null : ' (skipped: systemd-analyze is not installed: Debian package systemd)';
}

/** What every unit depends on by itself. */
const SYSTEM_UNITS = ['basic', 'multi-user', 'network-online', 'shutdown', 'sysinit'];

export interface UnitRoot {
  readonly directory: string;
  /** Names of the stack's units, the target among them. */
  readonly units: readonly string[];
  readonly remove: () => void;
}

/** A root file system with the units of a stack and an executable for each program that they start. */
export function createUnitRoot(rendered: RenderedStack): UnitRoot {
  const directory = mkdtempSync(path.join(tmpdir(), 'pgmon-units-'));
  const write = (file: string, text: string) => {
    const place = path.join(directory, file);
    mkdirSync(path.dirname(place), { recursive: true });
    writeFileSync(place, text);
    return place;
  };
  for (const name of SYSTEM_UNITS) write(`/usr/lib/systemd/system/${name}.target`, '[Unit]\n');
  const programs = rendered.services.flatMap(({ program }) => (program === null ? [] : [program.path]));
  for (const program of ['/bin/sh', ...programs]) chmodSync(write(program, '#!/bin/sh\n'), 0o755);
  const places = rendered.files.map((file) => ({
    place: path.join(nativeConfigDir(rendered.name), file.path),
    content: file.content,
  }));
  const units = places.filter(({ place }) => path.dirname(place) === '/etc/systemd/system');
  for (const { place, content } of units) write(place, content);
  return {
    directory,
    units: units.map(({ place }) => path.basename(place)),
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}

export interface Verdict {
  readonly exitCode: number;
  readonly stderr: string;
}

/** Manual pages are not looked up: they are no part of a unit. */
export async function verifyUnits({ directory, units }: UnitRoot): Promise<Verdict> {
  const args = ['verify', '--man=no', `--root=${directory}`, ...units];
  try {
    const { stderr } = await run('systemd-analyze', args);
    return { exitCode: 0, stderr };
  } catch (error) {
    const { code, stderr } = error as { readonly code: unknown; readonly stderr: unknown };
    if (typeof code !== 'number') throw error;
    return { exitCode: code, stderr: String(stderr) };
  }
}

/** Exposure of each service, from 0 (none) to 10. */
export async function exposureOf({
  directory,
  units,
}: UnitRoot): Promise<readonly (readonly [unit: string, exposure: number])[]> {
  const services = units.filter((unit) => unit.endsWith('.service'));
  const args = ['security', '--no-pager', '--offline=true', `--root=${directory}`, ...services];
  const { stdout } = await run('systemd-analyze', args);
  const lines = stdout.matchAll(/Overall exposure level for (\S+): ([\d.]+)/g);
  return [...lines].map(([, unit = '', exposure = '']) => [unit, Number(exposure)] as const);
}
