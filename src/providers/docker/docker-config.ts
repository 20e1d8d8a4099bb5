/** The user's Docker configuration (`config.json`): where it is and the parts of it that pgmon honours. Decides nothing. */
import path from 'node:path';
import { EnvironmentError } from '../../errors.ts';
import type { Host } from '../../host/host.ts';

export interface RegistryEntry {
  /** base64 of `user:password`. */
  readonly auth: string | null;
  readonly identityToken: string | null;
}

export interface DockerConfig {
  readonly currentContext: string | null;
  readonly auths: Readonly<Record<string, RegistryEntry>>;
  readonly credsStore: string | null;
  /** Registry -> helper name. */
  readonly credHelpers: Readonly<Record<string, string>>;
}

const EMPTY: DockerConfig = { currentContext: null, auths: {}, credsStore: null, credHelpers: {} };

/** `$DOCKER_CONFIG` or `~/.docker`. */
export function dockerConfigDir(host: Pick<Host, 'env' | 'homeDir'>): string {
  const named = host.env.DOCKER_CONFIG ?? '';
  return named === '' ? path.join(host.homeDir, '.docker') : named;
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The text, or null when it is absent or empty. */
export function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function entriesOf<T>(value: unknown, read: (entry: unknown) => T | null): Readonly<Record<string, T>> {
  if (!isRecord(value)) return {};
  const pairs = Object.entries(value).map(([key, entry]) => [key, read(entry)] as const);
  return Object.fromEntries(pairs.filter((pair): pair is readonly [string, T & {}] => pair[1] !== null));
}

function readEntry(entry: unknown): RegistryEntry | null {
  if (!isRecord(entry)) return null;
  return { auth: textOf(entry.auth), identityToken: textOf(entry.identitytoken) };
}

/** Keys that are absent or of another shape count as not set; text that is no JSON object is an EnvironmentError. */
function parseDockerConfig(text: string, file: string): DockerConfig {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = null;
  }
  if (!isRecord(value)) {
    throw new EnvironmentError(`the Docker configuration ${file} is not a JSON object`, {
      code: 'docker-config',
      hint: `correct ${file}, or point DOCKER_CONFIG at another directory`,
    });
  }
  return {
    currentContext: textOf(value.currentContext),
    auths: entriesOf(value.auths, readEntry),
    credsStore: textOf(value.credsStore),
    credHelpers: entriesOf(value.credHelpers, textOf),
  };
}

/** The configuration, empty when there is none. */
export async function readDockerConfig(host: Pick<Host, 'env' | 'homeDir' | 'fs'>): Promise<DockerConfig> {
  const file = path.join(dockerConfigDir(host), 'config.json');
  try {
    const text = await host.fs.readTextIfExists(file);
    return text === null || text.trim() === '' ? EMPTY : parseDockerConfig(text, file);
  } catch (cause) {
    if (cause instanceof EnvironmentError) throw cause;
    throw new EnvironmentError(`cannot read the Docker configuration ${file}`, {
      code: 'docker-config',
      hint: 'make the file readable for this user, or point DOCKER_CONFIG at another directory',
      cause,
    });
  }
}
