/** Where an exported certificate will be used, and which form of file that asks for. */
import type { ExportForm } from '../../lib/wallet/model.ts';

export const PLACES = ['bank', 'pfx', 'phone', 'dojang', 'developer', 'certificate'] as const;
export type Place = (typeof PLACES)[number];

export interface ExportChoice {
  readonly place: Place;
  readonly bankForm: 'npki' | 'npki-pbes2';
  readonly pfxForm: 'pfx-legacy' | 'pfx-modern';
  /** Whether the bank's app opens a file; no as long as nobody knows. */
  readonly appTakesFile: boolean;
}

/** The form of the files, or null where no file is made: another Dojang takes certificates from screen to camera. */
export function exportForm({ place, bankForm, pfxForm, appTakesFile }: ExportChoice): ExportForm | null {
  if (place === 'bank') return bankForm;
  if (place === 'pfx') return pfxForm;
  if (place === 'phone') return appTakesFile ? 'pfx-legacy' : 'npki';
  if (place === 'developer') return 'pem';
  return place === 'certificate' ? 'certificate' : null;
}

/** Whether private keys lie in files of this form, so that they need a password. */
export function holdsKeys(form: ExportForm): boolean {
  return form !== 'certificate';
}

/** Forms as old programs read them: little work stands between a guessed password and the key. */
export function isWeaklyProtected(form: ExportForm): boolean {
  return form === 'npki' || form === 'npki-pbes2' || form === 'pfx-legacy';
}

/** Whether it is an `NPKI` folder, which has to lie where bank programs look for it. */
export function isFolder(form: ExportForm): boolean {
  return form === 'npki' || form === 'npki-pbes2';
}
