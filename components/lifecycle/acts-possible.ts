/** Which acts with an authority can work on a certificate as it stands, and what to say of the others. */
import type { TextKey } from '../../lib/i18n/texts.ts';
import type { CertificateRow } from '../../lib/wallet/model.ts';
import { validityAt } from '../certificate/certificate-words.ts';

/** What is asked of an authority about a certificate that is here. */
export type ActOnCertificate = 'renew' | 'hold' | 'release' | 'revoke';

/** Why an act cannot work, and where to go instead; null where nothing is in its way. */
export interface InTheWay {
  readonly why: TextKey;
  readonly instead: { readonly href: string; readonly label: TextKey } | null;
}

const ISSUE_INSTEAD = { href: '#/issue', label: 'issue_instead' } as const;
type Standing = Pick<CertificateRow, 'id' | 'notBefore' | 'notAfter' | 'revocation' | 'unconfirmed' | 'replacedBy'>;

function ofHeld(act: ActOnCertificate, { id }: Standing): InTheWay | null {
  if (act === 'renew') return { why: 'renew_not_held', instead: { href: `#/hold/${id}`, label: 'release' } };
  return act === 'hold' ? { why: 'hold_already', instead: null } : null;
}

/** An authority may decide otherwise; these are known to be in vain. */
export function inTheWay(act: ActOnCertificate, row: Standing, now: number): InTheWay | null {
  const validity = validityAt(row, now);
  if (row.unconfirmed) return { why: 'act_not_unconfirmed', instead: null };
  if (validity === 'revoked') return { why: 'act_not_revoked', instead: ISSUE_INSTEAD };
  // What is held goes on to be held after its end.
  if (now > row.notAfter) return { why: act === 'renew' ? 'renew_not_expired' : 'act_not_expired', instead: ISSUE_INSTEAD };
  if (validity === 'on-hold') return ofHeld(act, row);
  if (act === 'release') return { why: 'release_not_held', instead: null };
  if (act !== 'revoke' && row.replacedBy !== null) {
    return {
      why: act === 'renew' ? 'renew_not_replaced' : 'hold_not_replaced',
      instead: { href: `#/certificate/${row.replacedBy}`, label: 'newer_instead' },
    };
  }
  return null;
}
