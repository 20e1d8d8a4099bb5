/** Makes text safe for a terminal. */

/** Control characters other than line break and tab become `?`, so that a value from outside cannot steer the terminal. */
export function printable(text: string): string {
  return text.replace(/[^\P{Cc}\n\t]/gu, '?');
}
