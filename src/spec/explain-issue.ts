/** Turns what the schema found wrong into a sentence: what is wrong, the value seen, what is allowed. */
import type * as z from 'zod';
import { type Problem, problem } from './document.ts';
import { nearest, suggestion } from './nearest.ts';
import { descriptionAt, keysAt } from './schema-at.ts';
import { showValue } from './show-value.ts';
import type { SpecPath } from './yaml-tree.ts';

export interface ExplainContext {
  readonly schema: z.core.$ZodType;
  /** The value that was validated, as read. */
  readonly value: unknown;
  /** A scalar as written (`3.10` where the value is 3.1). */
  readonly source: (path: SpecPath) => string | null;
}

type Issue = z.core.$ZodIssue;

const YAML_11_BOOLEANS: Readonly<Record<string, string>> = {
  yes: 'true',
  on: 'true',
  y: 'true',
  no: 'false',
  off: 'false',
  n: 'false',
};
const KIND_WORDS: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'a map',
  record: 'a map',
  array: 'a list',
};

function valueAt(root: unknown, path: SpecPath): unknown {
  return path.reduce<unknown>((value, part) => {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
    return (value as Record<string | number, unknown>)[part];
  }, root);
}

function explainMissing(path: SpecPath, context: ExplainContext): string {
  const description = descriptionAt(context.schema, path);
  return description === null ? 'is required' : `is required: ${description}`;
}

function explainText(path: SpecPath, value: unknown, context: ExplainContext): string {
  if (typeof value !== 'number' && typeof value !== 'boolean')
    return `must be a text, got ${showValue(path, value)}`;
  const shown = showValue(path, context.source(path) ?? String(value));
  if (shown.startsWith('a text')) return `must be a text, got a ${typeof value}: put it in quotes`;
  const bare = shown.slice(1, -1);
  return `must be a text, but ${bare} without quotes is read as a ${typeof value}: write "${bare}"`;
}

function explainType(issue: z.core.$ZodIssueInvalidType, path: SpecPath, context: ExplainContext): string {
  const value = valueAt(context.value, path);
  if (value === undefined) return explainMissing(path, context);
  if (!issue.message.startsWith('Invalid')) return withValue(issue.message, shownAs(value, path, context));
  if (issue.expected === 'string') return explainText(path, value, context);
  if (issue.expected === 'boolean' && typeof value === 'string') {
    const meant = YAML_11_BOOLEANS[value.toLowerCase()];
    if (meant !== undefined)
      return `must be true or false; YAML 1.2 reads \`${value}\` as text: write ${meant}`;
  }
  const wanted = KIND_WORDS[issue.expected] ?? `a value of type ${issue.expected}`;
  return `must be ${wanted}, got ${shownAs(value, path, context)}`;
}

function explainChoice(issue: z.core.$ZodIssueInvalidValue, path: SpecPath, context: ExplainContext): string {
  const value = valueAt(context.value, path);
  if (value === undefined) return explainMissing(path, context);
  const allowed = issue.values.map(String);
  const shown = showValue(path, value);
  if (allowed.length === 1) return `must be ${allowed.join()}, got ${shown}`;
  const near = typeof value === 'string' ? nearest(value, allowed) : null;
  const hint = near === null ? '' : `; did you mean "${near}"?`;
  return `must be one of ${allowed.join(', ')}, got ${shown}${hint}`;
}

function explainBounds(
  issue: Issue & { readonly code: 'too_small' | 'too_big' },
  path: SpecPath,
  value: unknown,
): string {
  const limit = issue.code === 'too_small' ? issue.minimum : issue.maximum;
  const side = issue.code === 'too_small' ? 'at least' : 'at most';
  if (issue.origin === 'array')
    return `must have ${side} ${limit} ${Number(limit) === 1 ? 'entry' : 'entries'}`;
  if (issue.origin === 'string') {
    const length = typeof value === 'string' ? value.length : 0;
    return length === 0 ? 'must not be empty' : `must have ${side} ${limit} characters, got ${length}`;
  }
  return `must be ${issue.inclusive === false ? (issue.code === 'too_small' ? 'more than' : 'less than') : side} ${limit}, got ${showValue(path, value)}`;
}

/** Numbers as they are written: 3.10, not 3.1. */
function shownAs(value: unknown, path: SpecPath, context: ExplainContext): string {
  const written = typeof value === 'number' ? context.source(path) : null;
  return written !== null && /^[\w.+-]{1,40}$/.test(written) ? written : showValue(path, value);
}

/** Puts the value seen before the advice that follows the first colon. */
function withValue(message: string, shown: string): string {
  const [head, ...rest] = message.split(': ');
  return [`${head}, got ${shown}`, ...rest].join(': ');
}

function explainUnknownKey(key: string, path: SpecPath, context: ExplainContext): Problem {
  const place = [...path, key];
  if (key === '<<')
    return problem(
      place,
      'merge keys are not part of YAML 1.2: write the keys out, or use an alias for the whole value',
      'key',
    );
  // `{hunter2}` is a map with an empty key: where secrets stand, what looks like a key can be one.
  const isEmpty = valueAt(context.value, place) === null;
  const isHidden = isEmpty
    ? showValue(path, key).startsWith('a text')
    : showValue([], key).startsWith('a text');
  if (isHidden) return problem(path, 'has an unknown key, which is not repeated here');
  return problem(
    place,
    `unknown key ${showValue([], key)}${suggestion(key, keysAt(context.schema, path))}`,
    'key',
  );
}

/** Unions bring their own words; those about secrets have said already that the value is not repeated. */
function explainUnion(message: string, value: unknown, path: SpecPath, context: ExplainContext): string {
  const isScalar = typeof value === 'string' || typeof value === 'number';
  return isScalar && !message.includes('repeated')
    ? withValue(message, shownAs(value, path, context))
    : message;
}

/** Problems behind one finding of the schema. */
export function explainIssue(issue: Issue, context: ExplainContext): readonly Problem[] {
  const path = issue.path.filter((part): part is string | number => typeof part !== 'symbol');
  const value = valueAt(context.value, path);
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => explainUnknownKey(key, path, context));
    case 'invalid_type':
      return [problem(path, explainType(issue, path, context), value === undefined ? 'key' : 'value')];
    case 'invalid_value':
      return [problem(path, explainChoice(issue, path, context), value === undefined ? 'key' : 'value')];
    case 'too_small':
    case 'too_big':
      return [problem(path, explainBounds(issue, path, value))];
    case 'invalid_key':
      return [problem(path, issue.issues[0]?.message ?? 'is not a valid key', 'key')];
    case 'invalid_union':
      return [problem(path, explainUnion(issue.message, value, path, context))];
    default:
      return [
        problem(
          path,
          value === undefined ? issue.message : withValue(issue.message, shownAs(value, path, context)),
        ),
      ];
  }
}
