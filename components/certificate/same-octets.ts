/** Whether a file has exactly these octets. One that cannot be read has not. */
export async function sameOctets(file: Blob, octets: Uint8Array): Promise<boolean> {
  if (file.size !== octets.length) return false;
  try {
    const read = new Uint8Array(await file.arrayBuffer());
    return read.every((octet, at) => octet === octets[at]);
  } catch {
    return false;
  }
}
