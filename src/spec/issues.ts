/** What a problem in a spec looks like, and how it prints. */

export interface SpecIssue {
  /** The spec as the user named it. */
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  /** 1-based. */
  readonly column: number;
  /** Dotted path such as `servers[0].port`; empty for the document itself. */
  readonly path: string;
  /** What is wrong, the value seen, what is allowed. Never contains a secret. */
  readonly message: string;
}

/** `file:line:col path: message`, the form that editors and CI logs make clickable. */
export function formatIssue(issue: SpecIssue): string {
  const place = `${issue.file}:${issue.line}:${issue.column}`;
  return issue.path === '' ? `${place} ${issue.message}` : `${place} ${issue.path}: ${issue.message}`;
}
