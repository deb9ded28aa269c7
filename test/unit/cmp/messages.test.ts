import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readDer, readDerPrefix, type DerNode } from '../../../lib/asn1/reader.ts';
import * as der from '../../../lib/asn1/writer.ts';
import { concat, type Bytes } from '../../../lib/bytes/bytes.ts';
import { fromHex, toHex } from '../../../lib/bytes/hex.ts';
import { utf8 } from '../../../lib/bytes/text.ts';
import type { BodyType } from '../../../lib/cmp/body-types.ts';
import { readCertificateRequests, writeCertificateRequest } from '../../../lib/cmp/certificate-request.ts';
import { readCertificateResponses, writeCertificateResponses } from '../../../lib/cmp/certificate-response.ts';
import { readConfirmations, writeConfirmations } from '../../../lib/cmp/confirmation.ts';
import { readErrorMessage, writeErrorMessage } from '../../../lib/cmp/error-message.ts';
import { FAILURES, readFailInfo, writeFailInfo } from '../../../lib/cmp/fail-info.ts';
import { NULL_NAME, type HeaderFields } from '../../../lib/cmp/header.ts';
import { readInfos, readMessageTime, writeInfo } from '../../../lib/cmp/info.ts';
import { isMacOf, macProtector, readMacAlgorithm } from '../../../lib/cmp/mac.ts';
import { readMessage, writeMessage, type Protector } from '../../../lib/cmp/message.ts';
import { CMP_OID } from '../../../lib/cmp/oids.ts';
import { readPollAnswer, readPollRequest, WHOLE_MESSAGE, writePollAnswer, writePollRequest } from '../../../lib/cmp/polling.ts';
import { readRevocationAnswer, readRevocations, REVOCATION_REASONS, writeRevocationAnswer, writeRevocations } from '../../../lib/cmp/revocation.ts';
import { STATUSES, type Status } from '../../../lib/cmp/status.ts';
import { readTemplate, writeTemplate } from '../../../lib/cmp/template.ts';
import type { RevocationReason } from '../../../lib/cmp/revocation.ts';
import { errorCode } from '../../../lib/errors.ts';
import { fixtureCertificate, fixtureHolder } from '../../support/cmp-fixtures.ts';
import { readFixture } from '../../support/npki-fixtures.ts';

const CODE = utf8('a-code-of-the-bank');
const SALT = fromHex('000102030405060708090a0b0c0d0e0f');
const ID = fromHex('101112131415161718191a1b1c1d1e1f');
const NONCE = fromHex('202122232425262728292a2b2c2d2e2f');

function header(more: Partial<HeaderFields> = {}): HeaderFields {
  return { sender: NULL_NAME, recipient: fixtureCertificate('ca').subject.der, transactionId: ID, senderNonce: NONCE, ...more };
}

function pbm(iterations = 100): Protector {
  return macProtector('pbm', { secret: CODE, salt: SALT, iterations });
}

function outcome(read: () => unknown): string {
  try {
    read();
    return 'read';
  } catch (thrown) {
    return errorCode(thrown);
  }
}

describe('a message that is written', () => {
  it('is read again with every field of its header', async () => {
    const fields = header({
      version: 3,
      messageTime: Date.parse('2026-11-23T06:42:00Z'),
      senderKeyId: utf8('123456'),
      recipientNonce: SALT,
      info: [writeInfo(CMP_OID.implicitConfirm, der.nullValue()), writeInfo(CMP_OID.confirmWaitTime, der.generalizedTime(0))],
    });
    const extraCerts = [fixtureHolder('c1').der, fixtureCertificate('ca').der];
    const written = await writeMessage({ header: fields, type: 'pkiConf', body: der.nullValue(), protector: pbm(), extraCerts });
    const message = readMessage(written);
    expect(message.extraCerts).toEqual(extraCerts);
    expect(message.header).toMatchObject({
      version: 3,
      sender: NULL_NAME,
      recipient: fields.recipient,
      messageTime: fields.messageTime,
      senderKeyId: utf8('123456'),
      transactionId: ID,
      senderNonce: NONCE,
      recipientNonce: SALT,
    });
    expect(message.header.info.map(({ type }) => type)).toEqual([CMP_OID.implicitConfirm, CMP_OID.confirmWaitTime]);
  });

  it('names a sender that has no name yet as A4 02 30 00', async () => {
    const written = await writeMessage({ header: header(), type: 'pkiConf', body: der.nullValue(), protector: null });
    expect(toHex(written)).toContain('020102a4023000');
  });

  it.each(['pbm', 'pbmac1'] as const)('verifies with its code and no other (%s)', async (way) => {
    const protector = macProtector(way, { secret: CODE, salt: SALT, iterations: 100 });
    const message = readMessage(await writeMessage({ header: header(), type: 'pkiConf', body: der.nullValue(), protector }));
    const algorithm = readMacAlgorithm(message.header.protection!)!;
    expect(algorithm).toMatchObject({ way, iterations: 100, salt: SALT, mac: 'SHA-256' });
    expect(await isMacOf(algorithm, CODE, message.protectedPart, message.protection!)).toBe(true);
    expect(await isMacOf(algorithm, utf8('another code'), message.protectedPart, message.protection!)).toBe(false);
  });
});

describe('round trips of the bodies', () => {
  const { issuer, serial } = fixtureHolder('c1');

  it('templates: a key under A6 without its SEQUENCE, names under A3 and A5 with it', () => {
    const { spki } = fixtureHolder('c2');
    const fields = { serial, issuer: issuer.der, subject: issuer.der, spki, extensions: [der.sequence(der.objectIdentifier('2.5.29.15'))] };
    const written = writeTemplate(fields);
    expect(readTemplate(readDer(written))).toEqual(fields);
    const hex = toHex(written);
    expect(hex).toContain(`a682${toHex(spki).slice(4)}`);
    expect(hex).toContain(`a556${toHex(issuer.der)}`);
    expect(hex).toContain(`8108${toHex(serial)}`);
  });

  it.each([
    ['a leading zero', '0081'],
    ['twenty octets and the sign', `00${'ff'.repeat(20)}`],
    ['one small number', '07'],
  ])('serials are copied: %s', (_, hex) => {
    const old = { issuer: issuer.der, serial: fromHex(hex) };
    const request = writeCertificateRequest(0, {}, old);
    expect(readCertificateRequests(readDer(der.sequence(der.sequence(request))))[0]!.oldCertificate).toEqual(old);
    const revocation = { ...old, reason: 'hold' as const };
    expect(readRevocations(readDer(writeRevocations([revocation])))).toEqual([revocation]);
  });

  it.each(Object.keys(REVOCATION_REASONS) as RevocationReason[])('revocations: %s', (reason) => {
    const revocation = { issuer: issuer.der, serial, reason };
    expect(readRevocations(readDer(writeRevocations([revocation, revocation])))).toEqual([revocation, revocation]);
  });

  it.each(STATUSES)('status %s, wherever a status stands', (status: Status) => {
    const info = { status, text: '홍길동님', failures: ['badPOP', 'duplicateCertReq'] } as const;
    expect(readErrorMessage(readDer(writeErrorMessage(info)))).toEqual(info);
    expect(readRevocationAnswer(readDer(writeRevocationAnswer([info])))).toEqual([info]);
    const hash = SALT;
    expect(readConfirmations(readDer(writeConfirmations([{ requestId: 1, hash, status: info, hashAlgorithm: '1.2.3' }])))).toEqual([
      { requestId: 1, hash, status: info, hashAlgorithm: '1.2.3' },
    ]);
    const certificate = fixtureHolder('c1').der;
    expect(readCertificateResponses(readDer(writeCertificateResponses([{ requestId: 0, status: info, certificate }], [certificate])))).toEqual({
      authorityCertificates: [certificate],
      responses: [{ requestId: 0, status: info, certificate }],
    });
  });

  it('polls, with the number for a whole message', () => {
    expect(readPollRequest(readDer(writePollRequest([0, 1])))).toEqual([0, 1]);
    expect(toHex(writePollRequest([WHOLE_MESSAGE]))).toBe('300530030201ff');
    expect(readPollRequest(readDer(writePollRequest([WHOLE_MESSAGE])))).toEqual([WHOLE_MESSAGE]);
    expect(readPollAnswer(readDer(writePollAnswer([{ requestId: WHOLE_MESSAGE, checkAfter: 90 }])))).toEqual([
      { requestId: WHOLE_MESSAGE, checkAfter: 90, text: null },
    ]);
  });

  it('information', () => {
    const [with_, without] = readInfos(readDer(der.sequence(writeInfo('1.2.3', der.integer(5)), writeInfo('1.2.4'))));
    expect([with_!.type, with_!.value!.content, without]).toEqual(['1.2.3', Uint8Array.of(5), { type: '1.2.4', value: null }]);
  });

  it.each(FAILURES.map((failure, bit) => [bit, failure] as const))('failInfo bit %i is %s', (bit, failure) => {
    const octets = new Uint8Array((bit >> 3) + 1);
    octets[bit >> 3] = 0x80 >> (bit & 7);
    expect(readFailInfo(readDer(der.bitString(octets)))).toEqual([failure]);
    expect(writeFailInfo([failure])).toEqual(der.bitString(octets, 7 - (bit & 7)));
  });

  it('any set of failures, with bits beyond the list passed over', () => {
    fc.assert(
      fc.property(fc.subarray([...FAILURES]), (failures) => {
        expect(readFailInfo(readDer(writeFailInfo(failures)))).toEqual(failures);
      }),
    );
    expect(readFailInfo(readDer(der.bitString(Uint8Array.of(0, 0, 0, 0x20, 0xff))))).toEqual(['duplicateCertReq']);
    expect(readFailInfo(readDer(der.bitString(Uint8Array.of(0, 0, 0, 0x1f, 0xff))))).toEqual([]);
  });
});

describe('times in messages', () => {
  it.each([
    ['20261123064155Z', Date.parse('2026-11-23T06:41:55Z')],
    ['20261123064155.25Z', Date.parse('2026-11-23T06:41:55Z')],
  ])('%s', (text, expected) => expect(readMessageTime(readDer(der.element(0x18, utf8(text))))).toBe(expected));

  it.each(['20261123064155', '20261123064155.Z', '20261123064155.250Z', '20261123064155+0900', '20261323064155Z', '2026112306415５Z'])(
    '%s is none',
    (text) => expect(['request.malformed', 'file.unreadable']).toContain(outcome(() => readMessageTime(readDer(der.element(0x18, utf8(text)))))),
  );
});

describe('what an authority says to a person', () => {
  const said = (text: string): string => readErrorMessage(readDer(writeErrorMessage({ status: 'rejection', text }))).text!;

  it.each([
    ['plain', '인가코드가 다릅니다.', '인가코드가 다릅니다.'],
    ['markup stays text', '<img src=x onerror=alert(1)>', '<img src=x onerror=alert(1)>'],
    ['directions are marked', 'a\u202Eb\u2066c', 'a\uFFFDb\uFFFDc'],
    ['controls are marked', 'a\0b\nc\u200Bd', 'a\uFFFDb\uFFFDc\uFFFDd'],
  ])('%s', (_, text, expected) => expect(said(text)).toBe(expected));

  it('at most a thousand characters, none of them cut', () => {
    expect(said('\u{1F600}'.repeat(5000))).toBe('\u{1F600}'.repeat(1000));
  });

  it('badly written octets lose no refusal', () => {
    const status = der.sequence(der.integer(2), der.sequence(der.element(0x0c, Uint8Array.of(0xff, 0x41))));
    expect(readErrorMessage(readDer(der.sequence(status)))).toMatchObject({ status: 'rejection', text: '\uFFFDA' });
  });
});

describe('bounds, before any work', () => {
  const message = (protector: Protector | null, extraCerts: readonly Bytes[] = []): Promise<Bytes> =>
    writeMessage({ header: header(), type: 'pkiConf', body: der.nullValue(), protector, extraCerts });

  it.each([
    [0, 'request.malformed'],
    [1, 'request.malformed'],
    [99, 'request.malformed'],
    [100, 'read'],
    [200_000, 'read'],
    [200_001, 'request.malformed'],
    [2 ** 31 - 1, 'request.malformed'],
    [2 ** 31, 'request.malformed'],
    [2 ** 47, 'request.malformed'],
  ])('[F28] %i rounds: %s', (iterations, expected) => {
    for (const way of ['pbm', 'pbmac1'] as const) {
      const { algorithm } = macProtector(way, { secret: CODE, salt: SALT, iterations });
      expect(outcome(() => readMacAlgorithm(asAlgorithm(readDer(algorithm))))).toBe(expected);
    }
  });

  it.each([
    [0, 'request.malformed'],
    [7, 'request.malformed'],
    [8, 'read'],
    [64, 'read'],
    [65, 'request.malformed'],
  ])('[F28] a salt of %i octets: %s', (length, expected) => {
    for (const way of ['pbm', 'pbmac1'] as const) {
      const { algorithm } = macProtector(way, { secret: CODE, salt: new Uint8Array(length), iterations: 100 });
      expect(outcome(() => readMacAlgorithm(asAlgorithm(readDer(algorithm))))).toBe(expected);
    }
  });

  it.each([16, 17])('%i certificates beside a message', async (count) => {
    const extraCerts = Array.from({ length: count }, () => der.sequence());
    const bytes = await message(null, extraCerts);
    expect(outcome(() => readMessage(bytes))).toBe(count === 16 ? 'read' : 'request.malformed');
  });

  it('a certificate of more than 32 KiB', async () => {
    const bytes = await message(null, [der.sequence(der.octetString(new Uint8Array(32 * 1024)))]);
    expect(outcome(() => readMessage(bytes))).toBe('request.malformed');
  });

  it('a message of more than 256 KiB is not looked at', () => {
    expect(outcome(() => readMessage(new Uint8Array(256 * 1024 + 1)))).toBe('request.too-large');
  });

  it.each([
    ['octets behind', (bytes: Bytes) => concat(bytes, Uint8Array.of(0))],
    ['cut short', (bytes: Bytes) => bytes.slice(0, -1)],
    ['an indefinite length', (bytes: Bytes) => concat(Uint8Array.of(0x30, 0x80), bytes.subarray(2), Uint8Array.of(0, 0))],
  ])('%s', async (_, spoil) => {
    const bytes = spoil(await message(pbm()));
    expect(outcome(() => readMessage(bytes))).toBe('request.malformed');
  });

  it.each([
    ['a body of PKCS#10 (p10cr)', 4],
    ['a nested message', 20],
    ['an announcement', 17],
  ])('%s is not spoken', (_, number) => {
    const plain = der.sequence(der.integer(2), der.context(4, NULL_NAME), der.context(4, NULL_NAME));
    expect(outcome(() => readMessage(der.sequence(plain, der.context(number, der.nullValue()))))).toBe('request.malformed');
  });

  it.each([
    ['fields of the header twice', [der.context(4, der.octetString(ID)), der.context(4, der.octetString(ID))]],
    ['fields of the header out of order', [der.context(5, der.octetString(ID)), der.context(4, der.octetString(ID))]],
    ['a field that is not known', [der.context(9, der.octetString(ID))]],
    ['more than one value in a field', [der.context(4, der.octetString(ID), der.octetString(ID))]],
    ['thirty-three pieces of information', [der.context(8, der.sequence(...Array.from({ length: 33 }, () => writeInfo('1.2.3'))))]],
  ])('%s', (_, fields) => {
    const plain = der.sequence(der.integer(2), der.context(4, NULL_NAME), der.context(4, NULL_NAME), ...fields);
    expect(outcome(() => readMessage(der.sequence(plain, der.context(19, der.nullValue()))))).toBe('request.malformed');
  });
});

function asAlgorithm(node: DerNode): { id: string; parameters: DerNode } {
  const { node: oid, length } = readDerPrefix(node.content);
  const id = toHex(oid.content) === '2a864886f67d07420d' ? CMP_OID.passwordBasedMac : CMP_OID.pbmac1;
  return { id, parameters: readDer(node.content.slice(length)) };
}

const BODY_READERS: Readonly<Record<BodyType, (content: DerNode) => unknown>> = {
  ir: readCertificateRequests,
  cr: readCertificateRequests,
  kur: readCertificateRequests,
  ip: readCertificateResponses,
  cp: readCertificateResponses,
  kup: readCertificateResponses,
  rr: readRevocations,
  rp: readRevocationAnswer,
  pkiConf: (content) => content,
  genm: (content) => content,
  genp: (content) => content,
  error: readErrorMessage,
  certConf: readConfirmations,
  pollReq: readPollRequest,
  pollRep: readPollAnswer,
};

const KNOWN = new Set(['read', 'request.malformed', 'request.too-large']);

describe('hostile octets', () => {
  const names = ['ir', 'ip', 'certConf', 'error-used', 'kur', 'kup', 'rr', 'rp', 'w-ip-waiting', 'w-pollReq'];
  const messages = names.map((name) => readFixture('cmp', `${name}.der`));

  function readAll(bytes: Bytes): void {
    const { header, body } = readMessage(bytes);
    if (header.protection !== null) readMacAlgorithm(header.protection);
    BODY_READERS[body.type](body.content);
  }

  it('any message with any octets changed is read, or refused by name', () => {
    const change = fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 }));
    fc.assert(
      fc.property(fc.constantFrom(...messages), fc.array(change, { minLength: 1, maxLength: 4 }), (message, changes) => {
        const spoilt = message.slice();
        for (const [at, value] of changes) spoilt[at % spoilt.length] = value;
        expect(KNOWN).toContain(outcome(() => readAll(spoilt)));
      }),
      { numRuns: 3000 },
    );
  });

  it('any octets at all, too', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (octets) => {
        expect(KNOWN).toContain(outcome(() => readMessage(Uint8Array.from(octets))));
        expect(KNOWN).toContain(outcome(() => readMessage(der.sequence(Uint8Array.from(octets)))));
      }),
    );
  });

  it.each(Object.entries(BODY_READERS))('an %s with the content of any other message is refused by name', (_, reader) => {
    for (const message of messages) expect(KNOWN).toContain(outcome(() => reader(readMessage(message).body.content)));
  });
});
