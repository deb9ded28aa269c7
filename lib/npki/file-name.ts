/**
 * What the name of a file hints at: `signCert.der`, `SignPri.key`, `kmCert(1).der`, `hong.signPri.key`, or any other
 * name. Names only bring files together; what a file is, its content says.
 */
export type Slot = 'sign' | 'km';
export type Half = 'certificate' | 'key';

export interface FileName {
  /** Path of the folder, empty for a file without one. */
  readonly folder: string;
  /** Last part of the path, composed (NFC): some systems hand out decomposed Hangul. */
  readonly name: string;
  readonly slot: Slot | null;
  readonly half: Half | null;
  /** What is left of the name without slot, half and ending, lower case: equal for files that belong together. */
  readonly base: string;
  readonly isChain: boolean;
}

const OURS = /^(.*?)(sign|km)(cert|pri)(.*)$/;
const CHAIN = /^capubs(?:\W|$)/;
const ENDING = /\.[a-z0-9]{1,5}$/;
const HALF_WORDS = /[-_. ]?(?:certificate|cert|private|pri|key)$/;

/** Reads a path with `/` or `\` between its parts. */
export function readFileName(path: string): FileName {
  const at = Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'));
  const name = path.slice(at + 1).normalize('NFC');
  const place = { folder: path.slice(0, Math.max(at, 0)), name };
  const stem = name.toLowerCase().replace(ENDING, '');
  const ours = OURS.exec(stem);
  if (ours) {
    const [, before = '', slot, half, after = ''] = ours;
    return {
      ...place,
      slot: slot === 'km' ? 'km' : 'sign',
      half: half === 'pri' ? 'key' : 'certificate',
      base: `${before}|${after}`,
      isChain: false,
    };
  }
  return { ...place, slot: null, half: null, base: stem.replace(HALF_WORDS, ''), isChain: CHAIN.test(name.toLowerCase()) };
}

/** The name that the other half of a pair is expected to have. */
export function expectedName({ slot, base, name, isChain }: FileName, missing: Half): string {
  if (isChain) return missing === 'key' ? 'signPri.key' : 'signCert.der';
  const [before = '', after = ''] = slot === null ? [] : base.split('|');
  if (slot === null) return name.replace(/\.[^.]*$/, '') + (missing === 'key' ? '.key' : '.der');
  return before + slot + (missing === 'key' ? 'Pri' : 'Cert') + after + (missing === 'key' ? '.key' : '.der');
}
