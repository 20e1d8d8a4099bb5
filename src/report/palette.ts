/** Colours that people with any kind of colour vision can tell apart (Okabe and Ito), readable on white and on dark. */

export const SERIES_COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9'] as const;
const DASHES = ['solid', 'dashed', 'dotted'] as const;

export interface LineLook {
  readonly colour: string;
  readonly dash: (typeof DASHES)[number];
}

/** Look of the line with this index: when the colours are used up, they come again dashed. */
export function lineLook(index: number): LineLook {
  const colour = SERIES_COLOURS[index % SERIES_COLOURS.length] ?? SERIES_COLOURS[0];
  const dash = DASHES[Math.floor(index / SERIES_COLOURS.length) % DASHES.length] ?? 'solid';
  return { colour, dash };
}

/** Lines from which on a value is bad; always with the word beside them. */
export const LEVEL_COLOURS = { warning: '#e69f00', critical: '#d55e00' } as const;

/** As text: follows the page, light or dark. */
export const TEXT_COLOUR = 'currentColor';
