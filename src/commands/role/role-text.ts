/** What the `role` commands tell about each server: for people, and as JSON. */
import type { RoleFinding } from '../../stack/role/assess-role.ts';

export type RoleStatus = 'ok' | 'changed' | 'incomplete' | 'skipped' | 'failed';

export interface RoleOutcome {
  readonly server: string;
  readonly user: string;
  readonly status: RoleStatus;
  /** One line for people. */
  readonly summary: string;
  /** Statements that were run, or would be. Never a password or its verifier. */
  readonly statements: readonly string[];
  readonly findings: readonly RoleFinding[];
  /** Next step where it failed. */
  readonly hint: string | null;
}

function findingLines({ kind, detail, fix, advice }: RoleFinding): readonly string[] {
  return [
    `  ${kind}: ${detail}`,
    ...(fix === null ? [] : [`    ${fix};`]),
    ...(advice === null ? [] : [`    ${advice}`]),
  ];
}

function outcomeLines(outcome: RoleOutcome): readonly string[] {
  const { server, summary, statements, findings, hint } = outcome;
  return [
    `${server}: ${summary}`,
    ...statements.map((statement) => `  ${statement};`),
    ...findings.flatMap(findingLines),
    ...(hint === null ? [] : [`  hint: ${hint}`]),
  ];
}

export function formatOutcomes(outcomes: readonly RoleOutcome[]): string {
  return `${outcomes.flatMap(outcomeLines).join('\n')}\n`;
}

export function outcomesToJson(outcomes: readonly RoleOutcome[]): Readonly<Record<string, unknown>> {
  return { servers: outcomes };
}
