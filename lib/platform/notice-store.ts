/** Where the background keeps what it told. */
import type { TextStore } from '../wallet/ports.ts';
import { textDatabase } from './text-database.ts';

export function noticeDatabase(factory?: IDBFactory): TextStore {
  return textDatabase({ database: 'dojang-notices', store: 'notices', key: 'told' }, factory);
}
