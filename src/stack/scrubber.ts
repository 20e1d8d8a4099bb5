/** Takes secret values out of what other programs say, before it is shown. Pure. */

/** Shorter ones stand in ordinary words too; hiding them would only garble the text. */
const MIN_SECRET_LENGTH = 4;

/** As it is, as a URL spells it and as a quoted string spells it: a program that cannot read it repeats it in its own way. */
function spellings(value: string): readonly string[] {
  return [value, encodeURIComponent(value), JSON.stringify(value).slice(1, -1)];
}

/** A function that replaces every secret value (4 characters or more) by `***`. */
export function createScrubber(secrets: Iterable<string>): (text: string) => string {
  const values = [...secrets]
    .map((value) => value.trim())
    .filter((value) => value.length >= MIN_SECRET_LENGTH && !value.startsWith('-----BEGIN'));
  const hidden = [...new Set(values.flatMap(spellings))].sort((a, b) => b.length - a.length);
  return (text) =>
    hidden.reduce((clean, value) => (clean.includes(value) ? clean.split(value).join('***') : clean), text);
}
