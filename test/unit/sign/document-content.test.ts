import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as der from '../../../lib/asn1/writer.ts';
import { concat, type Bytes } from '../../../lib/bytes/bytes.ts';
import { utf8 } from '../../../lib/bytes/text.ts';
import { encodeWindows949 } from '../../../lib/bytes/windows-949.ts';
import { checkDocumentContent, type Charset } from '../../../lib/sign/document-content.ts';
import { SHAPES, type SignedDataForm } from '../../../lib/sign/forms.ts';
import { writeStatement } from '../../../lib/sign/statement.ts';
import { NOW } from '../../support/test-authority.ts';

const FORMS = Object.keys(SHAPES) as SignedDataForm[];
const STATEMENT = writeStatement({ origin: 'https://bank.example', nonce: 'A'.repeat(43), issuedAt: NOW });
const BOM = Uint8Array.of(0xef, 0xbb, 0xbf);

function refusal(content: Bytes, form: SignedDataForm, charset?: Charset): string {
  try {
    checkDocumentContent(content, form, charset);
    return 'taken';
  } catch (thrown) {
    return (thrown as { code: string }).code;
  }
}

const octets = (length: number): Bytes => Uint8Array.from({ length }, (_, at) => (at * 37 + 129) % 256);

describe('what may be signed as a document', () => {
  it.each(FORMS)('is no sign-in statement, in the form %s', (form) => {
    for (const content of [STATEMENT, concat(BOM, STATEMENT), utf8(' \r\n{\t"iat" : 0}'), utf8('{"iat"')]) {
      expect(refusal(content, form)).toBe('request.malformed');
    }
  });

  it('is no statement for any origin, nonce and time', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 253_402_300_799 }), fc.stringMatching(/^[A-Za-z0-9_-]{43,128}$/), (second, nonce) => {
        const content = writeStatement({ origin: 'https://bank.example', nonce, issuedAt: second * 1000 });
        for (const form of FORMS) expect(refusal(content, form)).toBe('request.malformed');
      }),
      { numRuns: 50 },
    );
  });

  it.each<[string, Bytes]>([
    ['windows-949 that is not said to be', encodeWindows949('받는 계좌: 110-123-456789\r\n금액:\t1,000,000원')!],
    ['a hash without control characters', Uint8Array.from({ length: 32 }, (_, at) => 0xa1 + ((at * 53) % 90))],
    ['15 letters', utf8('a'.repeat(15))],
    ...[20, 28, 32, 48, 64, 96, 128].map((length): [string, Bytes] => [`${length} octets that are no text`, octets(length)]),
    ['other octets that are no text', octets(1000)],
    ['signed attributes', der.setOf(der.sequence(der.objectIdentifier('1.2.840.113549.1.9.3'), der.setOf(der.utf8String('any'))))],
    ['a SEQUENCE of texts', der.sequence(der.utf8String('to be signed by an authority'))],
    ['DER nested deeper than is read', Array.from({ length: 40 }).reduce<Bytes>((inner) => der.sequence(inner), der.octetString(utf8('0123456789')))],
    ['SignedInfo', utf8('<SignedInfo xmlns="http://www.w3.org/2000/09/xmldsig#"></SignedInfo>')],
    ['ds:SignedInfo', utf8('<ds:SignedInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"></ds:SignedInfo>')],
    ['SignedInfo under a prefix of other letters', utf8('<_:SignedInfo xmlns:_="http://www.w3.org/2000/09/xmldsig#"></_:SignedInfo>')],
    ['SignedInfo under a Korean prefix', utf8('<서명:SignedInfo xmlns:서명="http://www.w3.org/2000/09/xmldsig#"></서명:SignedInfo>')],
    ['SignedInfo under a prefix without end', utf8(`<${'a'.repeat(20_000)}:SignedInfo></${'a'.repeat(20_000)}:SignedInfo>`)],
    ['a JSON web token whose header begins with a blank', utf8(`${btoa('{ "alg":"RS256"}').replaceAll('=', '')}.eyJzdWIiOiJ3aG9ldmVyIn0`)],
    ['a JSON web token whose header begins on a new line', utf8(`${btoa('\n{"alg":"RS256"}').replaceAll('=', '')}.eyJzdWIiOiJ3aG9ldmVyIn0`)],
    ['a JSON web signature over plain text', utf8(`${btoa('{"alg":"RS256","b64":false,"crit":["b64"]}')}.Pay 1,000 won.`.replaceAll('=', ''))],
    ['a JSON web token with a long header', utf8(`${btoa(`{"alg":"RS256","kid":"${'k'.repeat(2000)}"}`).replaceAll('=', '')}.e30`)],
    ['a JSON web token', utf8('eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ3aG9ldmVyIn0')],
  ])('is not %s where no attributes are signed, and is where there are some', (_, content) => {
    expect(refusal(content, 'cms-no-attributes')).toBe('request.malformed');
    expect(refusal(content, 'cms')).toBe('taken');
  });

  it.each<[string, Bytes]>([
    ['16 letters', utf8('a'.repeat(16))],
    ...[20, 28, 32, 48, 64, 96, 128].map((length): [string, Bytes] => [`a text of ${length} octets`, utf8('금'.repeat(3) + 'a'.repeat(length - 9))]),
    ['a transfer', utf8('받는 계좌: 110-123-456789\n금액: 1,000,000원\n')],
    ['digits that begin like a SEQUENCE', utf8('0123456789012345678901234567890123456789')],
    ['a PDF', concat(utf8('%PDF-1.7\n'), octets(500))],
    ['XML', utf8('<?xml version="1.0"?><transfer><SignedInfo/></transfer>')],
    ['a name with a dot', utf8('www.bank.example/transfer')],
    ['a sentence with dots', utf8('eyJ is how many tokens begin. This is a sentence.')],
  ])('is %s in every form', (_, content) => {
    for (const form of FORMS) expect(refusal(content, form)).toBe('taken');
  });

  it('is text in windows-949 that is said to be, of any length', () => {
    for (const length of [64, 65]) {
      const content = encodeWindows949('똠방각하 110-123-456789\r\n금액:\t'.padEnd(length - 6, '9'))!;
      expect(content.length).toBe(length);
      for (const form of FORMS) expect(refusal(content, form, 'windows-949')).toBe('taken');
    }
  });
});
