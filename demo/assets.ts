/** The files that pages of the demo load: a closed list, read from disk at each request. */
import { readFile } from 'node:fs/promises';
import type { Answer } from './answer.ts';

interface Asset {
  readonly file: URL;
  readonly type: string;
}

const SCRIPT = 'text/javascript; charset=utf-8';

/** The page library as `npm run build` makes it. */
const LIBRARY = new URL('../dist/page/dojang.js', import.meta.url);

const ASSETS: ReadonlyMap<string, Asset> = new Map([
  ['/dojang.js', { file: LIBRARY, type: SCRIPT }],
  ['/sign-in.js', { file: new URL('page/sign-in.js', import.meta.url), type: SCRIPT }],
  ['/centre.js', { file: new URL('page/centre.js', import.meta.url), type: SCRIPT }],
  ['/library.js', { file: new URL('page/library.js', import.meta.url), type: SCRIPT }],
  ['/words.js', { file: new URL('page/words.js', import.meta.url), type: SCRIPT }],
  ['/transfer.js', { file: new URL('page/transfer.js', import.meta.url), type: SCRIPT }],
  ['/transfer-words.js', { file: new URL('page/transfer-words.js', import.meta.url), type: SCRIPT }],
  ['/invoices.js', { file: new URL('page/invoices.js', import.meta.url), type: SCRIPT }],
  ['/invoice-words.js', { file: new URL('page/invoice-words.js', import.meta.url), type: SCRIPT }],
  ['/style.css', { file: new URL('page/style.css', import.meta.url), type: 'text/css; charset=utf-8' }],
  ['/icon.svg', { file: new URL('page/icon.svg', import.meta.url), type: 'image/svg+xml' }],
  ['/test/relay.js', { file: new URL('page/relay.js', import.meta.url), type: SCRIPT }],
]);

/** The file at a path of the site, or null where there is none; the page library is absent until it is built. */
export async function assetAnswer(path: string): Promise<Answer | null> {
  const asset = ASSETS.get(path);
  const body = asset === undefined ? null : await readFile(asset.file).catch(() => null);
  return asset === undefined || body === null ? null : { status: 200, type: asset.type, body };
}
