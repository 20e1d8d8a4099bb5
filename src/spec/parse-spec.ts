/** Text of a spec -> validated document with positions, or every problem found. Fills in nothing that needs the world. */
import type * as z from 'zod';
import { findCrossFieldProblems } from './checks/cross-field.ts';
import { type Problem, placeProblems, problem, type SpecDocument } from './document.ts';
import { type ExplainContext, explainIssue } from './explain-issue.ts';
import type { SpecIssue } from './issues.ts';
import { createPlaces } from './positions.ts';
import { readYaml } from './read-yaml.ts';
import { salvageSpec } from './salvage.ts';
import { specSchema } from './schema/spec.ts';

export type ParseResult =
  | { readonly ok: true; readonly document: SpecDocument }
  | { readonly ok: false; readonly issues: readonly SpecIssue[]; readonly isSyntax: boolean };

/** Compiling validators pays from some hundred servers on; below, it takes longer than validating. Characters. */
const WORTH_COMPILING = 50_000;

/** One problem per place: the schema goes on checking a value that it has already refused. */
function firstPerPath(problems: readonly Problem[]): readonly Problem[] {
  const byPath = new Map<string, Problem>();
  for (const found of problems) {
    const id = JSON.stringify(found.path);
    if (!byPath.has(id)) byPath.set(id, found);
  }
  return [...byPath.values()];
}

/** What the schema refuses and, as far as the rest can be used, what contradicts itself. */
function findProblems(
  value: object,
  issues: readonly z.core.$ZodIssue[],
  source: ExplainContext['source'],
): readonly Problem[] {
  const context = { schema: specSchema, value, source };
  const { spec, restore } = salvageSpec(value);
  return [
    ...issues.flatMap((issue) => explainIssue(issue, context)),
    ...restore(findCrossFieldProblems(spec)),
  ];
}

/** Drops a byte order mark and turns every kind of line break into one, so that all who count lines agree. */
export function normaliseSpec(text: string): string {
  const content = text.startsWith('\uFEFF') ? text.slice(1) : text;
  return content.includes('\r') ? content.replaceAll(/\r\n?/g, '\n') : content;
}

/**
 * Parses and validates. `file` is only used to name the spec in messages. Never throws for any text. Of a text that is not
 * YAML it names the first problem; `parseWholeSpec` names all.
 */
export function parseSpec(text: string, file: string): ParseResult {
  const content = normaliseSpec(text);
  const read = readYaml(content, file);
  if (!read.ok) return read;
  const { value } = read;
  const { locate, source } = createPlaces(content);
  const fail = (problems: readonly Problem[]): ParseResult => ({
    ok: false,
    issues: placeProblems(firstPerPath(problems), file, locate),
    isSyntax: false,
  });
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return fail([problem([], 'must be a map that begins with `apiVersion: pgmon/v1`')]);
  }
  const validated = specSchema.safeParse(value, { jitless: content.length < WORTH_COMPILING });
  if (!validated.success) return fail(findProblems(value, validated.error.issues, source));
  const crossField = findCrossFieldProblems(validated.data);
  return crossField.length > 0
    ? fail(crossField)
    : { ok: true, document: { spec: validated.data, file, locate } };
}
