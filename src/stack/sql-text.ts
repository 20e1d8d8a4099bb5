/** Values as SQL text, for rendered scripts and for statements that pgmon sends itself. */

/** A quoted SQL identifier. */
export function sqlIdentifier(value: string): string {
  return `"${value.replaceAll('\0', '').replaceAll('"', '""')}"`;
}

/** A quoted SQL literal that reads the same with any setting of standard_conforming_strings. */
export function sqlLiteral(value: string): string {
  const text = value.replaceAll('\0', '').replaceAll("'", "''");
  return text.includes('\\') ? `E'${text.replaceAll('\\', '\\\\')}'` : `'${text}'`;
}
