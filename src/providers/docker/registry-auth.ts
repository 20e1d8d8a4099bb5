/** Credentials for the registry of an image, from the user's Docker configuration: helpers first, then what the file holds. */
import type { Host } from '../../host/host.ts';
import type { DockerConfig } from './docker-config.ts';
import { isRecord, readDockerConfig, textOf } from './docker-config.ts';

/** Goes into X-Registry-Auth only. */
export interface RegistryAuth {
  readonly username?: string;
  readonly password?: string;
  readonly identitytoken?: string;
  readonly serveraddress: string;
}

export interface AuthResult {
  readonly auth: RegistryAuth | null;
  /** Why a configured credential could not be had, for the message of a refused pull; null when nothing went wrong. */
  readonly problem: string | null;
}

/** Docker Hub's credentials are filed under its old index address. */
const HUB_KEY = 'https://index.docker.io/v1/';
const HUB_HOSTS = new Set(['docker.io', 'index.docker.io', 'registry-1.docker.io']);

/** `quay.io`, `localhost:5000`, `docker.io`: the part before the first slash, when it looks like a host. */
export function registryOf(reference: string): string {
  const slash = reference.indexOf('/');
  const first = slash === -1 ? '' : reference.slice(0, slash);
  return first.includes('.') || first.includes(':') || first === 'localhost' ? first : 'docker.io';
}

/** Under which a registry may stand in config.json, best first; the first is also what a helper is asked for. */
function credentialKeys(registry: string): readonly [string, ...string[]] {
  if (HUB_HOSTS.has(registry)) return [HUB_KEY, 'docker.io', 'index.docker.io', 'https://index.docker.io'];
  return [
    registry,
    `https://${registry}`,
    `http://${registry}`,
    `https://${registry}/v1/`,
    `https://${registry}/v2/`,
  ];
}

function fromFile(config: DockerConfig, keys: readonly string[], serveraddress: string): AuthResult {
  const entry = keys
    .map((key) => config.auths[key])
    .find((found) => found !== undefined && (found.auth ?? found.identityToken) !== null);
  if (entry === undefined) return { auth: null, problem: null };
  if (entry.identityToken !== null)
    return { auth: { identitytoken: entry.identityToken, serveraddress }, problem: null };
  const decoded = Buffer.from(entry.auth ?? '', 'base64')
    .toString('utf8')
    .replace(/\0+$/, '');
  const colon = decoded.indexOf(':');
  if (colon < 1)
    return {
      auth: null,
      problem: `the entry for ${serveraddress} in the Docker configuration holds no user and password`,
    };
  return {
    auth: { username: decoded.slice(0, colon), password: decoded.slice(colon + 1), serveraddress },
    problem: null,
  };
}

function parseHelperAnswer(text: string): { readonly user: string; readonly secret: string } | null {
  try {
    const answer: unknown = JSON.parse(text);
    const user = isRecord(answer) ? textOf(answer.Username) : null;
    const secret = isRecord(answer) ? textOf(answer.Secret) : null;
    return user === null || secret === null ? null : { user, secret };
  } catch {
    return null;
  }
}

async function fromHelper(
  host: Pick<Host, 'exec'>,
  helper: string,
  key: string,
  signal: AbortSignal,
): Promise<AuthResult> {
  const program = `docker-credential-${helper}`;
  const result = await host.exec(program, ['get'], { input: key, signal, timeoutMs: 30_000 });
  if (result.errorCode === 'ENOENT')
    return { auth: null, problem: `the credential helper ${program} is not installed` };
  // A helper without an entry fails with a sentence on stdout: that is an anonymous pull, not a problem.
  if (result.exitCode !== 0) {
    const isUnknown = /credentials not found/i.test(`${result.stdout}${result.stderr}`);
    return { auth: null, problem: isUnknown ? null : `the credential helper ${program} failed for ${key}` };
  }
  const answer = parseHelperAnswer(result.stdout);
  if (answer === null)
    return { auth: null, problem: `the credential helper ${program} gave no credentials for ${key}` };
  const { user, secret } = answer;
  if (user === '<token>') return { auth: { identitytoken: secret, serveraddress: key }, problem: null };
  return { auth: { username: user, password: secret, serveraddress: key }, problem: null };
}

/** Rejects only when the configuration itself cannot be read. No credentials = an anonymous pull. */
export async function findRegistryAuth(
  host: Pick<Host, 'env' | 'homeDir' | 'fs' | 'exec'>,
  reference: string,
  signal: AbortSignal,
): Promise<AuthResult> {
  const config = await readDockerConfig(host);
  const registry = registryOf(reference);
  const keys = credentialKeys(registry);
  const named = keys.map((key) => config.credHelpers[key]).find((helper) => helper !== undefined);
  const helper = named ?? config.credsStore;
  return helper === null ? fromFile(config, keys, keys[0]) : fromHelper(host, helper, keys[0], signal);
}
