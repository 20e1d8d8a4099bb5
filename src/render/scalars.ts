/** Turns any string into one harmless scalar of a target format. What comes out can never change a file's structure. */

/** Everything that a YAML 1.1 or 1.2 reader does not take literally, line breaks of any kind among them. */
const UNSAFE = /[^\x20-\x7e\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}]/gu;
const LONE_SURROGATE = /\p{Surrogate}/gu;

function escapeCharacter(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return `\\u${code.toString(16).padStart(4, '0')}`;
}

/** The text with each half of a broken surrogate pair as U+FFFD, so that it can be written as UTF-8. */
export function wellFormed(value: string): string {
  return value.replace(LONE_SURROGATE, '\ufffd');
}

/** A quoted YAML scalar with exactly this text, in YAML 1.1 and 1.2; lone surrogates become U+FFFD. */
export function yamlString(value: string): string {
  const text = wellFormed(value);
  const isPlain = text.search(UNSAFE) === -1;
  if (isPlain && text.includes('"')) return `'${text.replaceAll("'", "''")}'`;
  return `"${text.replace(/["\\]/g, '\\$&').replace(UNSAFE, escapeCharacter)}"`;
}

export type Scalar = string | number | boolean;

/** Strings quoted; numbers and booleans as they are. */
export function yamlScalar(value: Scalar): string {
  return typeof value === 'string' ? yamlString(value) : String(value);
}

/** For readers that expand `$NAME` themselves (compose, Grafana provisioning, Prometheus' external labels): `$` is written `$$`. */
export function dollarSafe(value: Scalar): string {
  return typeof value === 'string' ? yamlString(value.replaceAll('$', '$$$$')) : String(value);
}

/** For fields that Alertmanager runs through Go's template language: `{{` stays text. */
export function templateSafe(value: string): string {
  return yamlString(value.replaceAll('{{', '{{"{{"}}'));
}

/** A value in a systemd unit: `%` is written `%%`. Line breaks are not possible there and become spaces. */
export function unitValue(value: string): string {
  return value.replace(/[\r\n]+/g, ' ').replaceAll('%', '%%');
}

/** One word of a POSIX shell script. */
export function shellWord(value: string): string {
  return `'${value.replaceAll('\0', '').replaceAll("'", "'\\''")}'`;
}

/** Text for a one-line comment: anything that is not a visible character becomes `?`. */
export function commentText(value: string): string {
  return value.replace(/[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu, '?');
}
