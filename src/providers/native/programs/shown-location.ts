/** How a place is shown to people: a URL may hold a mirror's password, in its user part or its query. Pure. */
export function shownLocation(location: string): string {
  if (!URL.canParse(location)) return location;
  const { protocol, host, pathname } = new URL(location);
  return `${protocol}//${host}${pathname}`;
}
