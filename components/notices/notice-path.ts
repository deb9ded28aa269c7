/** Where a line about certificates that end leads: to the only one's renewal, else to the overview. */
export function pathTo(ids: readonly string[]): string {
  const [first, ...others] = ids;
  return first !== undefined && others.length === 0 ? `#/renew/${first}` : '#/overview';
}
