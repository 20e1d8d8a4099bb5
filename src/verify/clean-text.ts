/** Makes text from other programs fit to show: one line, no control characters, no secret, not endless. */

const MAX_LENGTH = 400;
/** Shorter ones stand in ordinary words too; hiding them would only garble the text. */
const MIN_SECRET_LENGTH = 4;

/** One printable line of at most 400 characters. */
export function oneLine(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  const flat = text.replaceAll(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ').trim();
  return flat.length > MAX_LENGTH ? `${flat.slice(0, MAX_LENGTH - 1)}…` : flat;
}

/** A function that replaces every secret value (4 characters or more) by `***`. */
export function createScrubber(secrets: Iterable<string>): (text: string) => string {
  const values = [...new Set([...secrets].map((value) => value.trim()))]
    .filter((value) => value.length >= MIN_SECRET_LENGTH && !value.startsWith('-----BEGIN'))
    .sort((a, b) => b.length - a.length);
  return (text) =>
    values.reduce((clean, value) => (clean.includes(value) ? clean.split(value).join('***') : clean), text);
}
