/** Reads what to do out of a runbook page. Pure. */

/** The text of a `## heading`, or '' when the page has none. */
function section(page: string, heading: string): string {
  const parts = page.split(/^## +/m);
  const found = parts.find((part) => part.startsWith(`${heading}\n`));
  return found === undefined ? '' : found.slice(heading.length).trim();
}

/** Text without line breaks; code blocks are left out, the report shows the SQL itself. */
function paragraphs(text: string): readonly string[] {
  return text
    .replace(/^ *```[\s\S]*?^ *```/gm, '')
    .split(/\n(?=\d+\. |- |\n)/)
    .map((part) =>
      part
        .replace(/^\s*(?:\d+\.|-) +/, '')
        .replace(/\s+/g, ' ')
        .trim(),
    )
    .filter((part) => part !== '');
}

/** The numbered steps of "What to do", in order. */
export function stepsOf(page: string): readonly string[] {
  return paragraphs(section(page, 'What to do'));
}

/** What it means and what it leads to, in a few sentences. */
export function meaningOf(page: string): string {
  return [...paragraphs(section(page, 'Meaning')), ...paragraphs(section(page, 'Impact'))].join(' ');
}
