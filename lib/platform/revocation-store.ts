/** Where our windows keep what authorities said of certificates. */
import type { TextStore } from '../wallet/ports.ts';
import { textDatabase } from './text-database.ts';

export function revocationDatabase(factory?: IDBFactory): TextStore {
  return textDatabase({ database: 'dojang-revocation', store: 'revocation', key: 'notes' }, factory);
}
