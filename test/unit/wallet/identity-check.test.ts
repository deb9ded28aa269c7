import { beforeEach, describe, expect, it } from 'vitest';
import { openPrivateKey } from '../../../lib/npki/private-key.ts';
import { readDer, sequence } from '../../../lib/asn1/reader.ts';
import * as der from '../../../lib/asn1/writer.ts';
import { writePrivateKey } from '../../../lib/npki/write-private-key.ts';
import type { Wallet } from '../../../lib/wallet/wallet.ts';
import { codeOf, fixture, identityFile, MANIFEST } from '../../support/npki-fixtures.ts';
import { PASSWORD, picked, Profile, quietly, walletWith, WRONG } from './profile.ts';

const PERSON = fixture('personal-bank-sha1seed');
const BUSINESS = MANIFEST.identities.find(({ idn }) => idn.length === 10) ?? PERSON;
const STRANGER = '9001011234568';

let profile: Profile;
let wallet: Wallet;
const idOf = async ({ certSha256 }: { certSha256: string }): Promise<string> =>
  (await wallet.rows()).find(({ fingerprint }) => fingerprint === certSha256)?.id ?? '';

beforeEach(async () => {
  profile = new Profile();
  wallet = await walletWith(profile, PERSON.id, BUSINESS.id);
});

describe('the identity check', () => {
  const person = PERSON.idn;
  const business = BUSINESS.idn;

  it.each([
    ['the number of the holder', PERSON, person, true],
    ['the same with a hyphen', PERSON, `${person.slice(0, 6)}-${person.slice(6)}`, true],
    ['the same with blanks around it', PERSON, ` ${person.slice(0, 6)} ${person.slice(6)} `, true],
    ['the number of another person', PERSON, STRANGER, false],
    ['the number of a business', PERSON, business, false],
    ['the number of the business, as it is written', BUSINESS, `${business.slice(0, 3)}-${business.slice(3, 5)}-${business.slice(5)}`, true],
    ['the number of a person, for a business', BUSINESS, person, false],
  ])('%s', async (_, identity, number, matches) => {
    expect(await wallet.checkIdentity(await idOf(identity), number, PASSWORD)).toBe(matches);
  });

  it.each([
    ['nothing', ''],
    ['a digit less', person.slice(1)],
    ['letters', 'abcdefghijklm'],
    ['digits of another script', '９００１０１１２３４５６８'],
    ['a minus sign', `${person.slice(0, 6)}\u2212${person.slice(6)}`],
  ])('takes no number that is %s, and derives nothing for it', async (_, number) => {
    const id = await idOf(PERSON);
    const before = profile.handedOut.length;
    expect(await codeOf(() => wallet.checkIdentity(id, number, PASSWORD))).toBe('request.malformed');
    expect(profile.handedOut).toHaveLength(before);
  });

  it('wants the wallet password though the wallet is open', async () => {
    const id = await idOf(PERSON);
    expect(await codeOf(() => wallet.checkIdentity(id, person, WRONG))).toBe('password.wrong');
  });

  it('keeps the number nowhere: not in the store, the session, a message', async () => {
    await wallet.checkIdentity(await idOf(PERSON), person, PASSWORD);
    const records = await profile.store().heads();
    const everything = JSON.stringify([records, [...profile.session.texts], profile.messages]);
    expect(everything).not.toContain(person);
  });

  it('says so where the copy of the key lost R', async () => {
    const { privateKeyInfo } = await openPrivateKey(identityFile(PERSON, 'signPri.key'), PERSON.password);
    const parts = sequence(readDer(privateKeyInfo)).slice(0, 3);
    const bare = der.sequence(...parts.map(({ raw }) => raw));
    const keyFile = await writePrivateKey(bare, PERSON.password, { random: (length) => crypto.getRandomValues(new Uint8Array(length)) });
    wallet = await walletWith((profile = new Profile()));
    const files = [
      { path: 'a/signCert.der', bytes: identityFile(PERSON, 'signCert.der') },
      { path: 'a/signPri.key', bytes: keyFile },
    ];
    const session = await wallet.inspect(picked(files), quietly());
    await session.tryPassword(PERSON.password);
    await session.store(
      session.candidates.map(({ key }) => key),
      PASSWORD,
    );
    const id = await idOf(PERSON);
    expect((await wallet.rows())[0]).toMatchObject({ hasRandom: false });
    expect(await codeOf(() => wallet.checkIdentity(id, person, PASSWORD))).toBe('certificate.no-random');
  });
});
