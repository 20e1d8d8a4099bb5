/** Says what is wrong with a text that is not proper YAML, every problem of it, without repeating its content. */
import { type ErrorCode, parseAllDocuments } from 'yaml';
import type { SpecIssue } from './issues.ts';
import { positionInText } from './positions.ts';
import { YAML_MESSAGES } from './yaml-messages.ts';

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
