/** The part of the install script that asks for secrets and writes the files that hold them. The script itself holds none. */
import { GENERATED_SECRETS_DIR, SECRETS_DIR } from '../../conventions.ts';
import { assertNever } from '../../errors.ts';
import { nativeConfigDir } from '../../stack/native-names.ts';
import type { RenderedStack, SecretFile, Service } from '../../stack/rendered-stack.ts';
import type { Secret } from '../../stack/stack.ts';
import { shellWord } from '../scalars.ts';
import { hereDocument } from './here-document.ts';

/** Stands for the secret of this number while a file is rendered. */
function tokenOf(index: number): string {
  return `PGMONSECRET${index}X`;
}

function storedPath(stackName: string, id: string): string {
  return `${nativeConfigDir(stackName)}/${GENERATED_SECRETS_DIR}/${id.replaceAll('/', '_')}`;
}

function readLine(secrets: readonly Secret[], index: number, stackName: string): string {
  const secret = secrets[index];
  if (secret === undefined) throw new Error(`there is no secret ${index}`);
  const { id, source } = secret;
  const words = (...rest: readonly string[]) => [String(index), shellWord(id), ...rest].join(' ');
  switch (source.kind) {
    case 'env': {
      if (!/^[A-Za-z_]\w*$/.test(source.name)) throw new Error(`no variable can be called ${source.name}`);
      return `ask_secret ${words(source.name, `"\${${source.name}:-}"`)}\n`;
    }
    case 'file':
      return `copy_secret ${words(shellWord(source.path), source.trim ? 'trim' : 'whole')}\n`;
    case 'generated':
      return `make_secret ${words(shellWord(storedPath(stackName, id)), String(source.length))}\n`;
    case 'bcrypt': {
      const of = secrets.findIndex((other) => other.id === source.of);
      return `hash_secret ${words(shellWord(storedPath(stackName, id)), String(of))}\n`;
    }
    default:
      return assertNever(source);
  }
}

/** A hash is made of a secret that must have been read before. */
function inOrder(secrets: readonly Secret[]): readonly number[] {
  const indices = secrets.map((_, index) => index);
  const isHash = (index: number) => secrets[index]?.source.kind === 'bcrypt';
  return [...indices.filter((index) => !isHash(index)), ...indices.filter(isHash)];
}

/** A file that is one value is copied; in another every value stands in double quotes, as `fill` expects. */
function fileLines(rendered: RenderedStack, file: SecretFile, secrets: readonly Secret[]): string {
  const tokens = new Map(secrets.map(({ id }, index) => [id, tokenOf(index)]));
  const text = file.render(tokens);
  const owner = ({ name }: Service) => file.path.startsWith(`${SECRETS_DIR}/${name}/`);
  const actions = rendered.services.filter(owner).map(({ name }) => `restart:${name}`);
  const target = [shellWord(`${nativeConfigDir(rendered.name)}/${file.path}`), '0600', ...actions].join(' ');
  const bare = secrets.findIndex((_, index) => text === tokenOf(index));
  if (bare !== -1) return `put ${target} <"$work/secret-${bare}"\n`;
  const rest = text.replace(/"PGMONSECRET\d+X"/g, '');
  if (/PGMONSECRET\d+X/.test(rest)) throw new Error(`${file.path} has a secret outside of double quotes`);
  return hereDocument(['fill', `put ${target}`], text);
}

/** Empty for a stack without secrets. */
export function secretLines(rendered: RenderedStack, secrets: readonly Secret[]): string {
  if (rendered.secretFiles.length === 0) return '';
  const directory = shellWord(`${nativeConfigDir(rendered.name)}/secrets`);
  return [
    `mkdir -p ${directory} && chmod 0700 ${directory}\n`,
    ...inOrder(secrets).map((index) => readLine(secrets, index, rendered.name)),
    ...rendered.secretFiles.map((file) => fileLines(rendered, file, secrets)),
  ].join('');
}
