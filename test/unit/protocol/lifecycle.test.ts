import { describe, expect, it } from 'vitest';
import { errorCode } from '../../../lib/errors.ts';
import { readIssueRequest, readLifecycleResult, readRenewRequest, readRevokeRequest } from '../../../lib/protocol/lifecycle.ts';

const ISSUE = { ca: 'test-0123', referenceNumber: '12345678', authorizationCode: 'ABCD-EFGH', certificates: ['sign', 'km'] };
const NAMED = { ca: 'demo', serial: '01ff', referenceNumber: '12345678', authorizationCode: 'ABCD-EFGH' };
const CERTIFICATE = { use: 'sign', certificate: 'AAAA', serial: '01ff', notAfter: '2027-12-20T14:59:59.000Z' };

function codeOf(act: () => unknown): string {
  try {
    act();
    return 'read';
  } catch (thrown) {
    return errorCode(thrown);
  }
}

describe('what a page asks of the life of a certificate', () => {
  it.each([
    ['issue', readIssueRequest, ISSUE],
    ['a certificate for signatures alone', readIssueRequest, { ...ISSUE, certificates: ['sign'] }],
    ['reissue', readIssueRequest, { ...ISSUE, reissue: true }],
    ['renewal of any', readRenewRequest, {}],
    ['renewal of an authority’s', readRenewRequest, { ca: 'demo' }],
    ['renewal of one', readRenewRequest, { serial: '01ff' }],
    ['revocation of one', readRevokeRequest, { ca: 'demo', serial: '01ff' }],
    ['revocation by numbers of the bank', readRevokeRequest, NAMED],
  ] as const)('reads: %s', (_, read, payload) => {
    expect(read(payload)).toStrictEqual(payload);
  });

  it.each([
    ['an address for the authority', readIssueRequest, { ...ISSUE, ca: 'https://evil.example' }],
    ['an authority in capitals', readIssueRequest, { ...ISSUE, ca: 'Demo' }],
    ['an authority without end', readIssueRequest, { ...ISSUE, ca: 'a'.repeat(65) }],
    ['no authority', readIssueRequest, { ...ISSUE, ca: undefined }],
    ['a root of its own', readIssueRequest, { ...ISSUE, root: 'AAAA' }],
    ['a name for the certificate', readIssueRequest, { ...ISSUE, subject: 'CN=x' }],
    ['a number in Hangul', readIssueRequest, { ...ISSUE, referenceNumber: '가나다' }],
    ['a number without end', readIssueRequest, { ...ISSUE, referenceNumber: '1'.repeat(65) }],
    ['a code with a line', readIssueRequest, { ...ISSUE, authorizationCode: 'ABCD\nEFGH' }],
    ['a code without end', readIssueRequest, { ...ISSUE, authorizationCode: 'A'.repeat(129) }],
    ['a km certificate alone', readIssueRequest, { ...ISSUE, certificates: ['km'] }],
    ['the same certificate twice', readIssueRequest, { ...ISSUE, certificates: ['sign', 'sign'] }],
    ['no certificate', readIssueRequest, { ...ISSUE, certificates: [] }],
    ['a hole among certificates', readIssueRequest, { ...ISSUE, certificates: new Array(2) }],
    ['reissue as a text', readIssueRequest, { ...ISSUE, reissue: 'yes' }],
    ['an identification number', readIssueRequest, { ...ISSUE, idNumber: '0000000000000' }],
    ['a serial in capitals', readRenewRequest, { serial: '01FF' }],
    ['half an octet of a serial', readRenewRequest, { serial: '1' }],
    ['a serial without end', readRenewRequest, { serial: '01'.repeat(22) }],
    ['numbers to renew with', readRenewRequest, { ...NAMED }],
    ['a reason', readRevokeRequest, { ca: 'demo', reason: 'keyCompromise' }],
    ['a number without its code', readRevokeRequest, { ca: 'demo', serial: '01', referenceNumber: '1' }],
    ['a code without its number', readRevokeRequest, { ca: 'demo', serial: '01', authorizationCode: 'ABCDEFGH' }],
    ['numbers for whatever there is', readRevokeRequest, { ca: 'demo', referenceNumber: '1', authorizationCode: 'ABCDEFGH' }],
    ['numbers for nobody’s', readRevokeRequest, { serial: '01', referenceNumber: '1', authorizationCode: 'ABCDEFGH' }],
    ['null', readRevokeRequest, null],
  ] as const)('is refused with %s', (_, read, payload) => {
    expect(codeOf(() => read(payload))).toBe('request.malformed');
  });
});

describe('what a page hears', () => {
  it.each([
    ['one', { certificates: [CERTIFICATE] }],
    ['a pair', { certificates: [CERTIFICATE, { ...CERTIFICATE, use: 'km' }] }],
    ['of one that is not in the wallet', { certificates: [] }],
  ])('reads: %s', (_, result) => {
    expect(readLifecycleResult(result)).toStrictEqual(result);
  });

  it.each([
    ['a key', { certificates: [{ ...CERTIFICATE, key: 'AAAA' }] }],
    ['the reason of a refusal', { certificates: [], text: 'because' }],
    ['three certificates', { certificates: [CERTIFICATE, CERTIFICATE, CERTIFICATE] }],
    ['a pair the wrong way round', { certificates: [{ ...CERTIFICATE, use: 'km' }, CERTIFICATE] }],
    ['a date in words', { certificates: [{ ...CERTIFICATE, notAfter: 'tomorrow' }] }],
    ['nothing', undefined],
  ])('is refused with %s', (_, result) => {
    expect(codeOf(() => readLifecycleResult(result))).toBe('request.malformed');
  });
});
