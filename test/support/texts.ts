/** PEM texts for tests. */
export function pemText(label: string, der: Uint8Array, { width = 64, end = '\n' }: { width?: number; end?: string } = {}): string {
  const base64 = Buffer.from(der).toString('base64');
  const lines = base64.match(new RegExp(`.{1,${width}}`, 'g')) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join(end);
}
