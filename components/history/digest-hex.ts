/** A digest as people compare it: hexadecimal. @param digest base64url */
export function digestHex(digest: string): string {
  const octets = atob(digest.replaceAll('-', '+').replaceAll('_', '/'));
  return Array.from(octets, (octet) => octet.charCodeAt(0).toString(16).padStart(2, '0')).join('');
}
