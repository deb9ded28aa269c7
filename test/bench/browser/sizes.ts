/** Sizes of what ships, minified as built and gzipped at level 9. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Size } from '../harness.ts';
import { DEMO } from './build.ts';

function sizeOf(name: string, content: Uint8Array): Size {
  return { name, bytes: content.length, gzipBytes: gzipSync(content, { level: 9 }).length };
}

/** The scripts of the built demo extension, which differs from the others by the loopback pages it serves, and the page library. */
export function readSizes(library: string): Size[] {
  const scripts = readdirSync(DEMO, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.js'));
  const read = scripts.map((name) => sizeOf(name.replace(/-[\w-]{8}(?=\.js$)/, ''), readFileSync(join(DEMO, name))));
  return [...read, sizeOf('dojang.js (page library)', Buffer.from(library))].sort((a, b) => b.bytes - a.bytes);
}
