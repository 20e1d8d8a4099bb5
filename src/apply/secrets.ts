/** Reads the values of secrets from where the spec says they are, and makes the generated ones. Values go nowhere else. */
import path from 'node:path';
import { GENERATED_SECRETS_DIR, SECRETS_DIR } from '../conventions.ts';
import { assertNever, EnvironmentError } from '../errors.ts';
import type { Host } from '../host/host.ts';
import type { Secret, SecretSource } from '../stack/stack.ts';

export interface SecretRequest {
  readonly stack: { readonly secrets: readonly Secret[] };
  /** Absolute. */
  readonly outDir: string;
  /** False: a generated secret that does not exist yet is simply absent from the answer. */
  readonly create: boolean;
  /** Secrets that the caller can do without: one that cannot be read is absent from the answer. */
  readonly isOptional?: (id: string) => boolean;
}

type SourceOf<K extends SecretSource['kind']> = SecretSource & { readonly kind: K };

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const BCRYPT_COST = 10;

function generate(host: Pick<Host, 'randomBytes'>, length: number): string {
  // Bytes beyond the largest multiple of the alphabet's size would favour its first letters.
  const limit = 256 - (256 % ALPHABET.length);
  let text = '';
  while (text.length < length) {
    const usable = [...host.randomBytes(length)].filter((byte) => byte < limit);
    text += usable.map((byte) => ALPHABET[byte % ALPHABET.length]).join('');
  }
  return text.slice(0, length);
}

function fromEnv(host: Pick<Host, 'env'>, id: string, { name }: SourceOf<'env'>): string {
  const value = host.env[name];
  if (value !== undefined && value !== '') return value;
  const state = value === undefined ? 'is not set' : 'is empty';
  throw new EnvironmentError(`${id}: the environment variable ${name} ${state}`, {
    code: 'secret-missing',
    hint: `set it in this shell (\`read -rs ${name} && export ${name}\`), or refer to a file in the spec instead`,
  });
}

async function fromFile(host: Pick<Host, 'fs'>, id: string, source: SourceOf<'file'>): Promise<string> {
  let text: string;
  try {
    text = await host.fs.readText(source.path);
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown error';
    const hint =
      code === 'ENOENT'
        ? 'write the file, or correct its path in the spec'
        : 'make it a file that this user may read';
    throw new EnvironmentError(`${id}: cannot read ${source.path}: ${code}`, {
      code: 'secret-unreadable',
      hint,
      cause,
    });
  }
  const value = source.trim ? text.replace(/[\r\n]+$/, '') : text;
  if (value !== '') return value;
  throw new EnvironmentError(`${id}: ${source.path} is empty`, {
    code: 'secret-missing',
    hint: 'write the value into it',
  });
}

function storedPath(outDir: string, id: string): string {
  return path.join(outDir, GENERATED_SECRETS_DIR, id.replaceAll('/', '_'));
}

async function readStored(host: Pick<Host, 'fs'>, outDir: string, id: string): Promise<string | null> {
  const file = storedPath(outDir, id);
  try {
    const value = await host.fs.readTextIfExists(file);
    return value === '' ? null : value;
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown error';
    throw new EnvironmentError(`${id}: cannot read the generated secret ${file}: ${code}`, {
      code: 'secret-unreadable',
      hint: 'run pgmon as the user who first brought this stack up',
      cause,
    });
  }
}

/** Makes the directories with their modes; safe to repeat. */
export async function ensureSecretsDirectory(host: Pick<Host, 'fs'>, outDir: string): Promise<void> {
  await host.fs.ensureDirectory(path.join(outDir, SECRETS_DIR), { mode: 0o700 });
  const ignore = path.join(outDir, SECRETS_DIR, '.gitignore');
  if ((await host.fs.readTextIfExists(ignore)) !== '*\n') await host.fs.writeAtomic(ignore, '*\n');
}

async function store(host: Pick<Host, 'fs'>, outDir: string, id: string, value: string): Promise<void> {
  await ensureSecretsDirectory(host, outDir);
  await host.fs.ensureDirectory(path.join(outDir, GENERATED_SECRETS_DIR), { mode: 0o700 });
  await host.fs.writeAtomic(storedPath(outDir, id), value, { mode: 0o600 });
}

async function readPlain(host: Host, request: SecretRequest, { id, source }: Secret): Promise<string | null> {
  switch (source.kind) {
    case 'env':
      return fromEnv(host, id, source);
    case 'file':
      return fromFile(host, id, source);
    case 'generated': {
      const stored = await readStored(host, request.outDir, id);
      if (stored !== null || !request.create) return stored;
      const value = generate(host, source.length);
      await store(host, request.outDir, id, value);
      return value;
    }
    case 'bcrypt':
      return null;
    default:
      return assertNever(source);
  }
}

async function readIfNeeded(host: Host, request: SecretRequest, secret: Secret): Promise<string | null> {
  try {
    return await readPlain(host, request, secret);
  } catch (error) {
    if (error instanceof EnvironmentError && request.isOptional?.(secret.id) === true) return null;
    throw error;
  }
}

/** The stored hash as long as it fits the password, else a new one (null when none may be made). */
async function readHash(
  host: Host,
  request: SecretRequest,
  id: string,
  password: string,
): Promise<string | null> {
  const { compare, hash } = await import('bcryptjs');
  const stored = await readStored(host, request.outDir, id);
  if (stored !== null && (await compare(password, stored).catch(() => false))) return stored;
  if (!request.create) return null;
  const made = await hash(password, BCRYPT_COST);
  await store(host, request.outDir, id, made);
  return made;
}

/** Values by id. Rejects with EnvironmentError, which names the spec's path and the variable or file, never the value. */
export async function readSecrets(host: Host, request: SecretRequest): Promise<ReadonlyMap<string, string>> {
  const { secrets } = request.stack;
  const plain = await Promise.all(
    secrets.map(async (secret) => [secret.id, await readIfNeeded(host, request, secret)] as const),
  );
  const values = new Map(plain.flatMap(([id, value]) => (value === null ? [] : [[id, value] as const])));
  const hashes = await Promise.all(
    secrets.map(async ({ id, source }) => {
      const password = source.kind === 'bcrypt' ? values.get(source.of) : undefined;
      return [id, password === undefined ? null : await readHash(host, request, id, password)] as const;
    }),
  );
  return new Map([
    ...values,
    ...hashes.flatMap(([id, value]) => (value === null ? [] : [[id, value] as const])),
  ]);
}
