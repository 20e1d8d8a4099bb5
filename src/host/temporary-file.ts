/** Names of the files that an atomic write makes beside its target, and that stay when its process is killed. Pure. */

/** `unique`: hexadecimal digits. */
export function temporaryName(target: string, pid: number, unique: string): string {
  return `.${target}.${pid}-${unique}.tmp`;
}

/** The process that made a file of this name; null when it is not such a file. */
export function temporaryOwner(name: string): number | null {
  const pid = /^\..+\.(\d+)-[0-9a-f]{12}\.tmp$/.exec(name)?.[1];
  return pid === undefined ? null : Number(pid);
}
