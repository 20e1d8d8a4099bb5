/** Takes passwords out of the texts of statements: PostgreSQL keeps ALTER ROLE … PASSWORD, foreign servers and the like word for word. Pure. */

/** `E'…'` with `\'` in it, `'…'` with doubled quotes, or `$tag$…$tag$`; a text that was cut may lack the end. */
const LITERAL = String.raw`(?:E'(?:[^'\\]+|''|\\[\s\S])*(?:'|\\?$)|(?:U&)?'(?:[^']+|'')*(?:'|$)|\$(\w*)\$[\s\S]*?(?:\$\3\$|$))`;
const AFTER_KEYWORD = new RegExp(
  String.raw`\b(password|passwd|passfile|sslpassword)(\s*=?\s*)${LITERAL}`,
  'gi',
);
/** Comments and names too: an apostrophe in one of them begins no literal. */
const QUOTED =
  /--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|"[^"]*(?:"|$)|\bE'(?:[^'\\]+|''|\\[\s\S])*(?:'|\\?$)|'(?:[^']+|'')*(?:'|$)/gi;
const IN_CONNECTION_STRING = /\b((?:ssl)?password\s*=\s*)(?:''(?:[^'\\]|\\.)*(?:''|$)|[^\s']+)/gi;
const IN_URL = /(:\/\/[^\s:/@']*:)[^\s@']+(?:@|$)/g;

/** The text with every password replaced by `***`; parameters such as `$1` stay. */
export function hidePasswords(text: string): string {
  return text
    .replace(QUOTED, (quoted) => quoted.replace(IN_CONNECTION_STRING, '$1***').replace(IN_URL, '$1***@'))
    .replace(AFTER_KEYWORD, (_, keyword: string, between: string) => `${keyword}${between}'***'`);
}
