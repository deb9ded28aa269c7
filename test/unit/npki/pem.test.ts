import { describe, expect, it } from 'vitest';
import { concat, copy, type Bytes } from '../../../lib/bytes/bytes.ts';
import { toHex } from '../../../lib/bytes/hex.ts';
import { utf8 } from '../../../lib/bytes/text.ts';
import { encodeWindows949 } from '../../../lib/bytes/windows-949.ts';
import { readTextBlocks } from '../../../lib/npki/pem.ts';
import { codeOf, readFixture } from '../../support/npki-fixtures.ts';
import { pemText } from '../../support/texts.ts';

const DER = readFixture('yessign-test', 'signCert.der');
const PEM = pemText('CERTIFICATE', DER);

function utf16(text: string, order: 'le' | 'be'): Bytes {
  const octets = Buffer.from(`\ufeff${text}`, 'utf16le');
  return copy(order === 'le' ? octets : octets.swap16());
}

/** Labels and whether the octets are those of the certificate. */
function blocks(bytes: Bytes): [string, boolean][] | null {
  return readTextBlocks(bytes)?.map(({ label, der }) => [label, der !== null && toHex(der) === toHex(DER)]) ?? null;
}

describe('a text with tags', () => {
  it.each<[string, Bytes]>([
    ['as RFC 7468 has it', utf8(PEM)],
    ['with CR LF', utf8(pemText('CERTIFICATE', DER, { end: '\r\n' }))],
    ['with CR alone', utf8(pemText('CERTIFICATE', DER, { end: '\r' }))],
    ['without any line end', utf8(PEM.replaceAll('\n', ''))],
    ['in one long line', utf8(pemText('CERTIFICATE', DER, { width: 100_000 }))],
    ['in lines of 76', utf8(pemText('CERTIFICATE', DER, { width: 76 }))],
    ['with a mark of UTF-8', utf8(`\ufeff${PEM}`)],
    ['in UTF-16, little end first', utf16(PEM, 'le')],
    ['in UTF-16, big end first', utf16(PEM, 'be')],
    ['with text around it', utf8(`Bag Attributes\n    friendlyName: 홍길동\n${PEM}the end`)],
    ['with text of a Korean Windows around it', concat(encodeWindows949('인증서 내용:\r\n') ?? new Uint8Array(), utf8(PEM))],
    ['with dashes that are no tag in front', utf8(`-----BEGIN of the file\n${PEM}`)],
  ])('%s is read', (_, bytes) => {
    expect(blocks(bytes)).toEqual([['CERTIFICATE', true]]);
  });

  it('gives its values in order', () => {
    const text = utf8(pemText('A', DER) + pemText('ENCRYPTED PRIVATE KEY', DER) + pemText('', DER));
    expect(blocks(text)).toEqual([
      ['A', true],
      ['ENCRYPTED PRIVATE KEY', true],
      ['', true],
    ]);
  });

  it.each(['X509 CRL', 'CERTIFICATE REQUEST', 'EC PARAMETERS', 'PUBLIC KEY', 'PGP PUBLIC KEY BLOCK', 'OPENSSH PRIVATE KEY'])(
    'passes over %s, however it reads',
    async (label) => {
      const other = `-----BEGIN ${label}-----\n!not base64!\n-----END ${label}-----\n`;
      expect(blocks(utf8(other + PEM))).toEqual([['CERTIFICATE', true]]);
      expect(await codeOf(() => readTextBlocks(utf8(other)))).toBe('file.unsupported');
    },
  );

  it.each([
    ['no end', PEM.slice(0, 200), 'file.unreadable'],
    ['the end of another', PEM.replace('END CERTIFICATE', 'END KEY'), 'file.unreadable'],
    ['a tag within', PEM.replace('\n', `\n-----BEGIN KEY-----\n`), 'file.unreadable'],
    ['something else than base64', PEM.replace('MII', 'M!I'), 'file.unreadable'],
    ['nothing in it', '-----BEGIN KEY-----\n-----END KEY-----\n', 'file.unreadable'],
    ['headers of RFC 1421', PEM.replace('\n', '\nX-Issuer: someone\n\n'), 'file.unreadable'],
    ['the old encryption of OpenSSL', PEM.replace('\n', '\nProc-Type: 4,ENCRYPTED\nDEK-Info: DES-CBC,00\n\n'), 'file.unsupported'],
    ['65 values', PEM.repeat(65), 'file.hostile'],
    ['65 values of others', pemText('PUBLIC KEY', Uint8Array.of(1)).repeat(65), 'file.hostile'],
  ])('with %s is refused', async (_, text, code) => {
    expect(await codeOf(() => readTextBlocks(utf8(text)))).toBe(code);
  });
});

describe('base64 without tags', () => {
  it.each([
    ['in one line', Buffer.from(DER).toString('base64')],
    ['in lines, with a mark and blanks around', `\ufeff\n${PEM.split('\n').slice(1, -2).join('\r\n')}\r\n `],
  ])('of DER is read %s', (_, text) => {
    expect(blocks(utf8(text))).toEqual([['', true]]);
  });

  it.each([
    ['of other octets', utf8(Buffer.from('hello').toString('base64'))],
    ['with anything else', utf8(`${Buffer.from(DER).toString('base64')}.`)],
    ['there is not in DER', DER],
    ['there is not in nothing', new Uint8Array()],
  ])('%s is no text of ours', (_, bytes) => {
    expect(readTextBlocks(bytes)).toBeNull();
  });
});
