/**
 * Canonical XML before xmlsec1, which stands on libxml2. It is no judge of invoices: over their filtered nodes it digests other
 * octets than the systems that receive them.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { canonical } from '../../../lib/xml/canonical.ts';
import { readXml } from '../../../lib/xml/read.ts';
import { findPeer } from '../../../scripts/peers.ts';
import { xmlDocuments } from '../../support/xml-documents.ts';

const XMLSEC = findPeer({ name: 'xmlsec1', package: 'xmlsec1', paths: ['/usr/bin/xmlsec1', '/opt/homebrew/bin/xmlsec1'] });
const TITLE = XMLSEC === null ? 'xmlsec1 (skipped: it is not installed)' : 'xmlsec1';
const DSIG = 'http://www.w3.org/2000/09/xmldsig#';
const CANONICAL_XML = 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315';

/** What xmlsec1 fills: a digest of the whole document but for this element. */
const TEMPLATE = `<Signature xmlns="${DSIG}"><SignedInfo><CanonicalizationMethod Algorithm="${CANONICAL_XML}"/><SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#hmac-sha256"/><Reference URI=""><Transforms><Transform Algorithm="${DSIG}enveloped-signature"/><Transform Algorithm="${CANONICAL_XML}"/></Transforms><DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><DigestValue/></Reference></SignedInfo><SignatureValue/></Signature>`;

describe.runIf(XMLSEC !== null)(`canonical XML before ${TITLE}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'dojang-xmlsec-'));
  const [key, unsigned, signed] = ['key', 'unsigned.xml', 'signed.xml'].map((name) => join(folder, name)) as [string, string, string];
  writeFileSync(key, 'a key of nobody');
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  function digestOf(document: string): string | undefined {
    writeFileSync(unsigned, document);
    const run = spawnSync(XMLSEC ?? 'xmlsec1', ['--sign', '--hmackey', key, '--output', signed, unsigned], { encoding: 'utf8' });
    if (run.status !== 0) throw new Error(run.stderr);
    return /<DigestValue>([^<]+)<\/DigestValue>/.exec(readFileSync(signed, 'utf8'))?.[1];
  }

  it('has the same digest for random documents', { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(xmlDocuments, (document) => {
        const wrapped = `<r xmlns:k="urn:k">${document.replace(/^<\?xml.*\?>/, '')}</r>`;
        const ours = createHash('sha256')
          .update(canonical(readXml(wrapped)))
          .digest('base64');
        expect(digestOf(wrapped.replace(/<\/r>$/, () => `${TEMPLATE}</r>`))).toBe(ours);
      }),
      { seed: 20_261_123, numRuns: 60 },
    );
  });
});
