/** Tax invoices of made-up firms, and the JDK as a judge of what is signed. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { findPeer, KEYTOOL } from '../../scripts/peers.ts';
import { FIXTURES } from './npki-fixtures.ts';

function read(name: string): string {
  return readFileSync(join(FIXTURES, 'etax', name), 'utf8');
}

/** An invoice that nobody has signed. */
export const INVOICE = read('own-sample.xml');
/** The same, signed by the JDK. */
export const INVOICE_OF_JDK = read('own-jdk.xml');
/** The octets of it that are digested. */
export const INVOICE_OCTETS = read('own-predigest.txt');

const KEYTOOL_PATH = findPeer(KEYTOOL);
export const JAVA_PATH = KEYTOOL_PATH === null ? null : join(dirname(KEYTOOL_PATH), 'java');
/** For the titles of tests. */
export const JAVA_TITLE = JAVA_PATH === null ? 'the JDK (skipped: no JDK is installed)' : 'the JDK';

/** Asks the JDK about documents; its answers in their order. It starts once, which takes seconds. */
export function askJdk(question: 'canonical' | 'verify', documents: readonly string[]): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'dojang-xml-'));
  try {
    const files = documents.map((document, i) => {
      const path = join(folder, `${String(i)}.xml`);
      writeFileSync(path, document);
      return path;
    });
    const peer = join(import.meta.dirname, '..', 'interop', 'xml', 'XmlPeer.java');
    const run = spawnSync(JAVA_PATH ?? 'java', [peer, question, ...files], { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
    if (run.status !== 0) throw new Error(run.stderr);
    return run.stdout.trim().split('\n');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
