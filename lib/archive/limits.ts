/** Bounds on archives. A tax office's folder has some thousand small files; what is larger is no folder of certificates. */
export const ARCHIVE_LIMITS = {
  /** Octets of the archive itself, and of all that is unpacked from it, counted while it is unpacked. */
  archiveBytes: 20 * 1024 * 1024,
  unpackedBytes: 20 * 1024 * 1024,
  /** Octets of one file in it; a larger one is none of ours and is passed over. */
  fileBytes: 1024 * 1024,
  entries: 5_000,
  nameBytes: 1_024,
} as const;
