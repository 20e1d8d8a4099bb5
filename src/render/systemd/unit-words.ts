/** How systemd reads text in unit files: `%` begins a specifier everywhere, `$` a variable in commands only. */
import { wellFormed } from '../scalars.ts';

const CONTROL = /\p{Cc}/gu;

function escapeControl(character: string): string {
  // A zero byte can stand in no argument and no variable.
  if (character === '\0') return '';
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** Means nothing to systemd, in any place. */
const PLAIN = /^[\w/.:,=@+-]+$/;

/** One word with exactly this text, for Environment= and other lists; zero bytes are dropped. */
export function unitWord(value: string): string {
  if (PLAIN.test(value)) return value;
  const escaped = wellFormed(value).replace(/["\\]/g, '\\$&').replace(CONTROL, escapeControl);
  return `"${escaped.replaceAll('%', '%%')}"`;
}

/** One argument of ExecStart= and its kin: a word in which no variable is expanded. */
export function execWord(value: string): string {
  return unitWord(value).replaceAll('$', '$$$$');
}
