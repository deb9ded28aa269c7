/** Where the marks of blocked sites are kept. */
import type { TextStore } from '../wallet/ports.ts';
import { textDatabase } from './text-database.ts';

export function blockDatabase(factory?: IDBFactory): TextStore {
  return textDatabase({ database: 'dojang-blocked', store: 'blocked', key: 'marks' }, factory);
}
