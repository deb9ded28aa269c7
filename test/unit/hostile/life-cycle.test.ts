import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

/** What has gone wrong in clients of certificate authorities, and the test (file, words of its title) that it does not here. */
const TRAPS: Readonly<Record<string, readonly [string, string]>> = {
  'confirmed before the save was read back': ['unit/wallet/lifecycle', 'sends the confirmation only once both copies hold certificates and keys'],
  'implicitConfirm asked for': ['unit/cmp/run', 'asks without a name, with uses, and proves both keys'],
  'a certificate for another key': ['unit/cmp/hostile', 'for another key'],
  'sign and km certificate swapped': ['unit/cmp/hostile', 'swapped certificates are rejected, both'],
  'a right MAC in another transaction': ['unit/cmp/hostile', 'another transaction'],
  'a right MAC for another nonce': ['unit/cmp/hostile', 'another nonce'],
  'an error without protection taken for a refusal': ['unit/cmp/hostile', 'an error without protection'],
  'an error that an ordinary holder signed': ['interop/ca/client', 'an error that an ordinary holder signed is none'],
  'caPubs or extraCerts taken as anchors': ['unit/cmp/hostile', 'a root that a message brings is no anchor'],
  'grantedWithMods taken for a failure': ['unit/cmp/run', 'takes %s for what it is'],
  'certConfirmed taken for a failure': ['unit/cmp/run', 'that was heard before is a success (certConfirmed)'],
  'certRevoked after a renewal taken for the new certificate': ['unit/wallet/lifecycle-faults', "faults: ['confirm-refuse:10'] }"],
  'good of a pending certificate taken for its confirmation': ['unit/cmp/run', 'counts good only after the grace hours'],
  'one round of the MAC, or two thousand million': ['unit/cmp/messages', '[F28] %i rounds: %s'],
  'markup, direction marks and a megabyte in a status': ['unit/cmp/messages', 'at most a thousand characters, none of them cut'],
  'a page that names an address or an unknown authority': [
    'unit/wallet/approved-acts',
    'hears nothing of an authority that the wallet does not know',
  ],
  'leave asked for after another wait': ['unit/hostile/life-cycle', 'asks for leave before anything else is waited for'],
  'the old certificate touched before the new one is confirmed': ['unit/wallet/lifecycle', 'the old one stays good until the new one is confirmed'],
  'the old km key gone with its certificate': ['unit/wallet/lifecycle', 'whose names, labels and km key stay'],
  'a clock that is off taken for an expired certificate': ['unit/wallet/clock-doubt', 'names the clock, and not the certificate'],
  'code and R in journal, backup or history': ['unit/wallet/lifecycle', 'and leaves no code behind'],
  'serials re-encoded in requests': ['unit/cmp/messages', 'serials are copied: %s'],
  'serials re-encoded in OCSP': ['unit/trust/status/ocsp', 'with the serial as it stands'],
  'names compared as text': ['unit/cmp/hostile', 'under the same name in another form'],
  'R lost by a second export': ['unit/cmp/run', 'has R in its octets where it signs'],
  'R that begins with zeros or looks like DER': ['unit/npki/private-key-info', 'keeps every octet'],
  'a proof over A0 in the place of 30': ['unit/cmp/possession', 'signs key and MAC with the tag of a SEQUENCE'],
  'one salt for MAC of message and key': ['unit/cmp/run', 'under a MAC with salts of their own'],
  'a wrapped key in A6': ['unit/cmp/messages', 'a key under A6 without its SEQUENCE'],
  'codes with hyphens, and such as are not ASCII': ['unit/cmp/run', 'number and code as people type them'],
  'SHA-256 in a confirmation for every certificate': ['unit/cmp/run', 'names a certificate that is signed with %s by its %s'],
  'two windows, one run': ['unit/wallet/lifecycle', 'holds between windows, and after a window died'],
  'the background stopped in a run': ['e2e/chromium/kills', 'await stopBackground('],
  'the browser killed in each state': ['e2e/chromium/kills', 'killed in ${state} of ${act}'],
  'a disk that is full at the save': ['unit/cmp/run', 'confirms nothing, and goes on when it works'],
  'a dead copy at the save of a renewal': ['unit/wallet/lifecycle', 'is not confirmed while one copy alone has the new one'],
  'the wallet locked while it waits': ['unit/wallet/lifecycle', 'a wallet that locks while the authority lets wait'],
  'a restored backup of what was not confirmed': ['unit/wallet/lifecycle', 'comes out of a backup as one that nobody waits for'],
  'an authority killed before and after it commits': ['interop/ca/crash', 'is killed after its answer was committed and before it left'],
  'the same octets again after the confirmation': ['unit/demo/ca-cmp', 'gives the same octets for the same application and the same confirmation'],
  'a request that never arrived, and is too old to be sent again': ['unit/cmp/run', 'SENT, too old for an authority %s'],
  'a poll whose answer was lost': ['unit/cmp/run', 'a poll whose answer was lost'],
  'captive portals, redirects, cut bodies': ['unit/cmp/hostile', 'a page of a captive portal'],
  'one of two, one twice, a third': ['unit/cmp/hostile', 'one of two'],
  'checkAfter of 0, below it and 2^31': ['unit/cmp/run', 'a negative checkAfter is a second'],
  'stale OCSP answers': ['unit/trust/status/ask', 'ocsp-stale'],
  'a list whose number goes back': ['unit/trust/status/ask', '[trap 42] a list whose number goes back'],
  'a host of a certificate that is not in the directory': ['unit/wallet/revocation', '[trap 43] an authority that is not in the directory'],
  'requests that reach more than the directory': ['unit/platform/ca-network', '[B26] sends nothing to %s'],
  'a manifest that reaches further': ['rules/build', 'differ between product and demo only in loopback'],
  'object identifiers above 2^32': ['unit/asn1/reader', '2.25.340282366920938463463374607431768211455'],
  'a notice twice': ['unit/wallet/expiry', 'the same check again changes nothing'],
  'the last second of a Korean day shown a day early': ['unit/wallet/expiry', 'counts days by the Korean calendar, whatever the hour of the end'],
  'an early renewal refused here': ['unit/wallet/lifecycle', 'that comes too early is the authority\\u2019s to refuse'],
  'deleting worded as revoking': ['unit/hostile/life-cycle', 'deletes in words that promise no revocation'],
  'a page that goes while a certificate is issued': ['unit/wallet/approved-acts', 'the certificate is in the wallet all the same'],
};

function fileOf(name: string): string {
  return ['test', 'spec'].map((kind) => `test/${name}.${kind}.ts`).find((path) => existsSync(join(ROOT, path))) ?? name;
}

describe('the traps of the life cycle', () => {
  it.each(Object.entries(TRAPS))('%s', (_, [file, words]) => {
    expect(read(fileOf(file))).toContain(words);
  });

  it.each([
    ['components/lifecycle/run-view.svelte.ts', 'this.#access('],
    ['components/certificate/revocation-view.svelte.ts', 'this.#askHosts('],
  ])('%s asks for leave before anything else is waited for', (path, call) => {
    const before = read(path).split(call);
    expect(before).toHaveLength(2);
    expect(before[0]!.split(/\n {2}async /).at(-1)).not.toMatch(/\bawait (?!$)|\.then\(/);
  });

  it.each([
    ['ko', '폐기되지 않'],
    ['en', 'not revoke'],
  ])('deletes in words that promise no revocation (%s)', (locale, words) => {
    const messages = JSON.parse(read(`public/_locales/${locale}/messages.json`)) as Record<string, { message: string }>;
    for (const key of ['delete_not_revoked', 'delete_not_revoked_n']) expect(messages[key]!.message).toContain(words);
    for (const key of ['delete', 'delete_heading', 'delete_now', 'delete_move']) expect(messages[key]!.message).not.toMatch(/폐기|revok/i);
  });
});
