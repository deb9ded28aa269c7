/**
 * The tables of the authority, as steps: a database at step n has had the first n of them. Steps that were released are never
 * edited. Times are milliseconds since 1970 UTC, serials the content octets of the INTEGER in hex.
 */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT;

  CREATE TABLE holders (
    id INTEGER PRIMARY KEY,
    real_name TEXT NOT NULL,
    id_number TEXT NOT NULL,
    policy TEXT NOT NULL,
    subject BLOB NOT NULL UNIQUE
  ) STRICT;
  CREATE INDEX holders_by_number ON holders (id_number, policy);

  CREATE TABLE registrations (
    id INTEGER PRIMARY KEY,
    act TEXT NOT NULL CHECK (act IN ('issue', 'reissue', 'revoke')),
    reference TEXT NOT NULL UNIQUE,
    code TEXT NOT NULL,
    holder INTEGER NOT NULL REFERENCES holders (id),
    km INTEGER NOT NULL,
    days INTEGER NOT NULL,
    not_after INTEGER,
    waits INTEGER NOT NULL,
    vid INTEGER NOT NULL,
    old_serials TEXT NOT NULL,
    ends INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('open', 'taken', 'used'))
  ) STRICT;

  CREATE TABLE certificates (
    serial TEXT PRIMARY KEY,
    der BLOB NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('sign', 'km')),
    holder INTEGER NOT NULL REFERENCES holders (id),
    spki_hash TEXT NOT NULL UNIQUE,
    not_after INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pending', 'active', 'held', 'revoked')),
    reason INTEGER,
    changed INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX certificates_by_holder ON certificates (holder);

  CREATE TABLE transactions (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'pending', 'confirmed', 'withdrawn')),
    registration INTEGER REFERENCES registrations (id),
    signer TEXT,
    request BLOB NOT NULL,
    answer BLOB NOT NULL,
    application BLOB NOT NULL,
    nonce TEXT NOT NULL,
    requests TEXT NOT NULL,
    old_serials TEXT NOT NULL,
    waits INTEGER NOT NULL,
    confirm_until INTEGER NOT NULL,
    confirmation BLOB,
    confirmation_answer BLOB
  ) STRICT;

  CREATE TABLE revocation_lists (
    number INTEGER PRIMARY KEY,
    made INTEGER NOT NULL,
    entries TEXT NOT NULL,
    der BLOB NOT NULL
  ) STRICT;

  CREATE TABLE journal (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    time INTEGER NOT NULL,
    act TEXT NOT NULL,
    detail TEXT NOT NULL
  ) STRICT;
  `,
];
