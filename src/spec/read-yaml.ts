/** Text -> plain value, with YAML's pitfalls refused: bombs, several documents, tags, duplicate keys, broken encoding. */
import { CORE_SCHEMA, load, YAMLException } from 'js-yaml';
import type { SpecIssue } from './issues.ts';
import { positionInText } from './positions.ts';
import { YAML_MESSAGES } from './yaml-messages.ts';

const MAX_LENGTH = 16 * 1024 * 1024;
const MAX_ALIASES = 1000;
const MAX_DEPTH = 50;
/** How many values aliases may add to those that are written. */
const MAX_ALIASED_VALUES = 100_000;

export type YamlResult =
  | { readonly ok: true; readonly value: unknown }
  | {
      readonly ok: false;
      readonly issues: readonly SpecIssue[];
      /** The text is not YAML: a parser that goes on after a mistake may find more, and say it better. */
      readonly isSyntax: boolean;
    };

type Fail = (offset: number, message: string) => YamlResult;

function findEncodingProblem(text: string): { readonly offset: number; readonly message: string } | null {
  const nul = text.indexOf('\0');
  if (nul >= 0) return { offset: nul, message: 'has a NUL byte here: is it UTF-16, or not a text file?' };
  const bad = text.indexOf('\uFFFD');
  return bad < 0 ? null : { offset: bad, message: 'is not valid UTF-8 here: save the file as UTF-8' };
}

/** Number of values counting each alias as a copy; null when a value contains itself. */
function countExpanded(root: unknown): number | null {
  const sizes = new Map<object, number>();
  const open = new Set<object>();
  const count = (value: unknown): number => {
    if (typeof value !== 'object' || value === null) return 1;
    const known = sizes.get(value);
    if (known !== undefined) return known;
    if (open.has(value)) return Number.NaN;
    open.add(value);
    const total = Object.values(value).reduce<number>((sum, child) => sum + count(child), 1);
    open.delete(value);
    sizes.set(value, total);
    return total;
  };
  const total = count(root);
  return Number.isNaN(total) ? null : total;
}

function checkAliases(value: unknown, text: string): string | null {
  if (!text.includes('*')) return null;
  const expanded = countExpanded(value);
  if (expanded === null) return 'an alias stands inside its own anchor';
  return expanded > MAX_ALIASED_VALUES
    ? `aliases make ${MAX_ALIASED_VALUES} values or more of this text: write them out`
    : null;
}

const PROTOTYPE_KEY = '__proto__';

/** JavaScript gives this key a meaning of its own, and libraries skip it without a word. Runs after the alias check. */
function hasPrototypeKey(value: unknown, text: string): boolean {
  if (!text.includes(PROTOTYPE_KEY) || typeof value !== 'object' || value === null) return false;
  if (Object.hasOwn(value, PROTOTYPE_KEY)) return true;
  return Object.values(value).some((child) => hasPrototypeKey(child, text));
}

/** What js-yaml refuses and `yaml` lets pass, by the words it says it with. */
const EXCEPTIONS: readonly (readonly [RegExp, string])[] = [
  [/maxDepth/, `is nested deeper than ${MAX_DEPTH} levels`],
  [/maxAliases/, `has more than ${MAX_ALIASES} aliases`],
  [/alias/i, YAML_MESSAGES.BAD_ALIAS],
  [/complex keys/, YAML_MESSAGES.NON_STRING_KEY],
  [/duplicate/, YAML_MESSAGES.DUPLICATE_KEY],
  [/tag/, YAML_MESSAGES.TAG_RESOLVE_FAILED],
];

function explainException({ reason }: YAMLException): string {
  return EXCEPTIONS.find(([pattern]) => pattern.test(reason))?.[1] ?? 'is not valid YAML here';
}

function fromException(error: unknown, file: string): YamlResult {
  if (!(error instanceof YAMLException)) {
    const message = 'cannot be read as YAML';
    return { ok: false, issues: [{ file, line: 1, column: 1, path: '', message }], isSyntax: false };
  }
  const { line = 0, column = 0 } = error.mark ?? {};
  const own = { file, line: line + 1, column: column + 1, path: '', message: explainException(error) };
  return { ok: false, issues: [own], isSyntax: !/maxDepth|maxAliases/.test(error.reason) };
}

/** Reads one YAML (or JSON) document. Line breaks may be CRLF; a byte order mark is dropped by the caller. */
export function readYaml(text: string, file: string): YamlResult {
  const fail: Fail = (offset, message) => ({
    ok: false,
    issues: [{ file, ...positionInText(text, offset), path: '', message }],
    isSyntax: false,
  });
  if (text.length > MAX_LENGTH) return fail(0, `is larger than ${MAX_LENGTH / 1024 ** 2} MiB`);
  const encoding = findEncodingProblem(text);
  if (encoding !== null) return fail(encoding.offset, encoding.message);
  if (!/^[^\S\n]*[^\s#]/m.test(text)) return fail(0, 'is empty: `pgmon init` writes a spec to begin with');
  try {
    const value = load(text, { schema: CORE_SCHEMA, maxDepth: MAX_DEPTH, maxAliases: MAX_ALIASES });
    const aliases = checkAliases(value, text);
    if (aliases !== null) return fail(text.indexOf('*'), aliases);
    if (hasPrototypeKey(value, text))
      return fail(text.indexOf(PROTOTYPE_KEY), `\`${PROTOTYPE_KEY}\` cannot be a key`);
    return { ok: true, value };
  } catch (error) {
    return fromException(error, file);
  }
}
