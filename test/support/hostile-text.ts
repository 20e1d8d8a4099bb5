/** Text that breaks naive templates: quotes, braces, dollars, line breaks, YAML 1.1 words, unicode at its edges. */
import fc from 'fast-check';

const NASTY = [
  '',
  ' ',
  'no',
  'on',
  'NULL',
  '~',
  '12:30:45',
  '0123',
  '1e3',
  '<<',
  '-',
  '- a',
  'a: b',
  'a #b',
  '#',
  '&a',
  '*a',
  '!tag',
  '|',
  '>',
  '%TAG',
  '@x',
  '`x`',
  '{{ .Secret }}',
  '{{{{raw}}}}',
  '}}',
  '$HOME',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: compose and Grafana expand this form too
  '${HOME}',
  '$__file{/etc/passwd}',
  '$$',
  '"quoted"',
  "it's",
  'back\\slash',
  'line\nbreak: true\n- x',
  'carriage\r\nreturn',
  '\t',
  '\u0000',
  '\u0085',
  '\u2028',
  '\ufeff',
  '\ud800',
  'snow \u2603 \u{1f600}',
  '__proto__',
  '---',
  '...',
];

const piece = fc.oneof(
  fc.constantFrom(...NASTY),
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.string({ maxLength: 12 }),
);

/** Up to a few hundred characters, mostly of the unpleasant kind. */
export const hostileText: fc.Arbitrary<string> = fc
  .array(piece, { minLength: 1, maxLength: 4 })
  .map((parts) => parts.join(''));
