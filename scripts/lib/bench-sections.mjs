// docs/benchmarks.md as sections: a run replaces those that it measured and leaves the others as they stand.

/** Headings, in the document's order. */
export const HEADINGS = {
  machine: 'Machine',
  stack: 'The demo stack, against Docker Compose on the same rendered file',
  start: 'Start',
  render: '`pgmon render`',
  cost: 'What collection costs a server',
  rules: 'What the rules cost Prometheus',
  panels: 'How long dashboards take',
};

/** Heading ('' = what stands before the first one) -> text. */
function splitSections(text) {
  const [intro, ...rest] = text.split(/^## /m);
  const sections = rest.map((part) => {
    const end = part.indexOf('\n');
    return [part.slice(0, end).trim(), part.slice(end + 1).trim()];
  });
  return new Map([['', intro.trim()], ...sections]);
}

/** The document with these sections (key of HEADINGS, or `intro` -> text) put in; `existing` may be empty. */
export function mergeSections(existing, fresh) {
  const sections = splitSections(existing);
  if (fresh.intro !== undefined) sections.set('', fresh.intro);
  if (sections.get('') === '') sections.set('', '# Benchmarks');
  for (const [key, heading] of Object.entries(HEADINGS)) {
    if (fresh[key] !== undefined) sections.set(heading, fresh[key]);
  }
  const known = Object.values(HEADINGS).filter((heading) => sections.has(heading));
  const parts = known.map((heading) => `## ${heading}\n\n${sections.get(heading)}`);
  return `${[sections.get(''), ...parts].join('\n\n')}\n`;
}
