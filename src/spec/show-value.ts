/** Decides how much of a value may stand in a message: never anything that could be a secret. */
import { formatPath } from './format-path.ts';
import type { SpecPath } from './yaml-tree.ts';

const SENSITIVE =
  /pass|secret|token|key|auth|cred|receivers|url|slack|webhook|teams|discord|telegram|pagerduty|dsn|private/i;
const LONGEST = 60;

function isSensitive(path: SpecPath, text: string): boolean {
  return SENSITIVE.test(formatPath(path)) || /:\/\/|-----BEGIN|@/.test(text);
}

/** `"abc"`, `70000`, `a list`; a hidden value when its place or shape says that it may be a secret. */
export function showValue(path: SpecPath, value: unknown): string {
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a map';
  if (typeof value !== 'string') return String(value);
  if (isSensitive(path, value)) return 'a text that is not repeated here';
  return JSON.stringify(value.length > LONGEST ? `${value.slice(0, LONGEST)}…` : value);
}
