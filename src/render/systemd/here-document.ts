/** Any text as a here-document that no shell reads anything into. Pure. */
const END = 'PGMON_END';

function delimiterFor(text: string): string {
  const lines = new Set(text.split('\n'));
  let delimiter = END;
  while (lines.has(delimiter)) delimiter += '_';
  return delimiter;
}

/** The first of `commands` gets exactly this text on stdin, each other what the one before prints; zero bytes, which no shell keeps, are dropped. */
export function hereDocument(commands: readonly [string, ...string[]], content: string): string {
  const text = content.replaceAll('\0', '');
  const end = delimiterFor(text);
  const isWhole = text.endsWith('\n');
  // A here-document ends with a line break; a text that does not is cut by one byte.
  const [first, ...rest] = isWhole ? commands : (['head -c -1', ...commands] as const);
  const line = [`${first} <<'${end}'`, ...rest].join(' | ');
  return `${line}\n${text}${isWhole ? '' : '\n'}${end}\n`;
}
