/**
 * Rules of the authorities for a new certificate password (since September 2014), with what bank programs refuse besides.
 * They bind new passwords only: a file opens with whatever it was made with.
 */
export const FILE_PASSWORD_RULES = ['length', 'letter', 'digit', 'special', 'characters', 'runs'] as const;
/** `length` 10 to 30; `characters` printable ASCII without ' " \ |; `runs` no three equal or neighbouring ones in a row. */
export type FilePasswordRule = (typeof FILE_PASSWORD_RULES)[number];

const LEAST = 10;
const MOST = 30;
const RUN = 3;

/** Three letters or digits of which each is the one before, or its next or previous one: `aaa`, `123`, `cba`. */
function hasRun(password: string): boolean {
  const codes = Array.from(password, (character) => (/[A-Za-z0-9]/.test(character) ? character.charCodeAt(0) : null));
  return [0, 1, -1].some((step) =>
    codes.some((first, at) => {
      if (first === null) return false;
      return Array.from({ length: RUN - 1 }, (_, nth) => codes[at + nth + 1] === first + step * (nth + 1)).every(Boolean);
    }),
  );
}

function hasEqualSpecials(password: string): boolean {
  return /([^A-Za-z0-9])\1\1/.test(password);
}

const BREAKS: Readonly<Record<FilePasswordRule, (password: string) => boolean>> = {
  length: (password) => password.length < LEAST || password.length > MOST,
  letter: (password) => !/[A-Za-z]/.test(password),
  digit: (password) => !/[0-9]/.test(password),
  special: (password) => !/[!#-&(-/:-@[\]^-`{}~]/.test(password),
  characters: (password) => !/^[!#-&(-[\]-{}~]*$/.test(password),
  runs: (password) => hasRun(password) || hasEqualSpecials(password),
};

/** The rules that a new password breaks, in the order of the list; none where it may be used. */
export function filePasswordProblems(password: string): readonly FilePasswordRule[] {
  return FILE_PASSWORD_RULES.filter((rule) => BREAKS[rule](password));
}
