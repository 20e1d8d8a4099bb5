/** How a checksum file calls an archive. Pure. */

/** The last part of a path or URL. */
export function fileNameOf(location: string): string {
  const path = URL.canParse(location) ? decodeURIComponent(new URL(location).pathname) : location;
  return path.slice(path.lastIndexOf('/') + 1);
}
