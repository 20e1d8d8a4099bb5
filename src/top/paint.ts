/** Lines as text for a terminal. Colour adds to what the words already say; nothing is told by colour alone. */
import type { createColours } from '../output/colours.ts';
import type { Line, Tone } from './line.ts';

type Colours = ReturnType<typeof createColours>;

function brushes(colours: Colours): Readonly<Record<Tone, (text: string) => string>> {
  return {
    plain: (text) => text,
    heading: colours.bold,
    faint: colours.dim,
    good: colours.green,
    warning: colours.yellow,
    critical: colours.red,
  };
}

/** One text for each line, without line breaks and without spaces at the end. */
export function paintLines(lines: readonly Line[], colours: Colours): readonly string[] {
  const brush = brushes(colours);
  return lines.map((line) => {
    const last = line.findLastIndex(({ text }) => text.trim() !== '');
    return line
      .slice(0, last + 1)
      .map(({ text, tone }, index) =>
        text === '' ? '' : brush[tone](index === last ? text.trimEnd() : text),
      )
      .join('');
  });
}
