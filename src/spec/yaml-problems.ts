/** Says what is wrong with a text that is not proper YAML, every problem of it, without repeating its content. */
import { type ErrorCode, parseAllDocuments } from 'yaml';
import type { SpecIssue } from './issues.ts';
import { positionInText } from './positions.ts';

export const YAML_MESSAGES = {
  ALIAS_PROPS: 'an alias (`*name`) cannot have an anchor or a tag; quote the value if it is meant as text',
  BAD_ALIAS:
    'an alias (`*name`) needs a name, and its anchor (`&name`) above it; quote the value if it is meant as text',
  BAD_COLLECTION_TYPE: 'the tag does not fit the value',
  BAD_DIRECTIVE: 'a line beginning with `%` is a YAML directive and this one is not valid',
  BAD_DQ_ESCAPE:
    'unknown escape after `\\` in double quotes; in single quotes a backslash is only a backslash',
  BAD_INDENT: 'wrong indentation',
  BAD_PROP_ORDER: 'anchor or tag in the wrong place',
  BAD_SCALAR_START: 'a plain value cannot begin with this character (`@`, `` ` ``, `%` …): put it in quotes',
  BLOCK_AS_IMPLICIT_KEY:
    'a key on one line has another `key: value` in its value; a value with `: ` needs quotes',
  BLOCK_IN_FLOW: 'a block list or map cannot stand inside `{}` or `[]`',
  DUPLICATE_KEY: 'the key stands here for the second time in the same map',
  KEY_OVER_1024_CHARS: 'a key is longer than 1024 characters',
  MISSING_CHAR: 'something is missing here: a closing quote or bracket, a comma, or a `:` after the key',
  MULTILINE_IMPLICIT_KEY: 'a key must be on one line; is a `:` or a quote missing above?',
  MULTIPLE_ANCHORS: 'a value can have one anchor only',
  MULTIPLE_DOCS: 'only one YAML document is allowed, here begins another (`---`)',
  MULTIPLE_TAGS: 'a value can have one tag only',
  NON_STRING_KEY: 'a key must be plain text',
  TAB_AS_INDENT: 'a tab is not allowed as indentation: use spaces',
  TAG_RESOLVE_FAILED: 'tags (`!name`) are not supported; quote the value if it is meant as text',
  UNEXPECTED_TOKEN: 'something unexpected stands here; is a quote, a bracket or a line break missing?',
} as const satisfies Partial<Record<ErrorCode, string>>;

function messageFor(code: ErrorCode): string {
  const messages: Partial<Record<ErrorCode, string>> = YAML_MESSAGES;
  return messages[code] ?? 'is not valid YAML';
}

/** Names the key that stands twice; all other text stays out of messages, it could be a secret. */
function withKey(code: ErrorCode, text: string, offset: number): string {
  const key =
    code === 'DUPLICATE_KEY' ? /^["']?([\w.-]{1,60})["']?\s*:/.exec(text.slice(offset, offset + 80)) : null;
  return key === null
    ? messageFor(code)
    : `the key "${key[1]}" stands here for the second time in the same map`;
}

/** Problems after which the rest of the text can still be trusted; after any other one, more of them are only echoes. */
const LOCAL: readonly ErrorCode[] = [
  'DUPLICATE_KEY',
  'TAG_RESOLVE_FAILED',
  'BAD_ALIAS',
  'BAD_DQ_ESCAPE',
  'TAB_AS_INDENT',
];

interface Found {
  readonly code: ErrorCode;
  readonly offset: number;
}

function collect(text: string): readonly Found[] {
  const parsed = parseAllDocuments(text, { prettyErrors: false, logLevel: 'silent' });
  const documents = Array.isArray(parsed) ? parsed : [];
  const found = documents
    .flatMap((document) => [...document.errors, ...document.warnings])
    .map(({ code, pos }) => ({ code, offset: pos[0] }));
  const second = documents[1]?.range[0];
  const all: readonly Found[] =
    second === undefined ? found : [...found, { code: 'MULTIPLE_DOCS', offset: second }];
  return all.toSorted((a, b) => a.offset - b.offset);
}

/** Syntax problems with their places, up to the first that makes the rest unreadable; empty when this parser finds none. */
export function findYamlProblems(text: string, file: string): readonly SpecIssue[] {
  const found = collect(text);
  const breaking = found.findIndex(({ code }) => !LOCAL.includes(code));
  return found.slice(0, breaking < 0 ? undefined : breaking + 1).map(({ code, offset }) => ({
    file,
    ...positionInText(text, offset),
    path: '',
    message: withKey(code, text, offset),
  }));
}
