/** Paths of a spec made absolute, without asking the file system. */

const isAbsolute = (path: string): boolean => path.startsWith('/') || /^[A-Za-z]:[\\/]/.test(path);

/** `path` as seen from `directory`, with `.` and `..` worked out. */
export function resolvePath(directory: string, path: string): string {
  const whole = isAbsolute(path) ? path : `${directory}/${path}`;
  const root = /^(?:[A-Za-z]:)?[\\/]/.exec(whole)?.[0] ?? '';
  const parts: string[] = [];
  for (const part of whole.slice(root.length).split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return root + parts.join('/');
}
