/** `parseSpec`, and for a text that is not YAML every problem of it. */
import { normaliseSpec, type ParseResult, parseSpec } from './parse-spec.ts';

/** Never rejects for any text. */
export async function parseWholeSpec(text: string, file: string): Promise<ParseResult> {
  const parsed = parseSpec(text, file);
  if (parsed.ok || !parsed.isSyntax) return parsed;
  // Loaded here: this parser is large and slow, but goes on after a mistake and says better what it is.
  const { findYamlProblems } = await import('./yaml-problems.ts');
  const issues = findYamlProblems(normaliseSpec(text), file);
  return issues.length > 0 ? { ...parsed, issues } : parsed;
}
