import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { copy } from '../../../lib/bytes/bytes.ts';
import { TestAuthorities } from '../../../lib/wallet/lifecycle/test-authorities.ts';
import { TestCa } from '../../support/demo-ca.ts';
import { codeOf } from '../../support/npki-fixtures.ts';
import { Profile } from './profile.ts';

let ca: TestCa;
let files: readonly [Blob, Blob];
let profile: Profile;

beforeAll(async () => {
  ca = await TestCa.start();
  const [root, issuing] = await Promise.all([ca.get('/ca/root.cer'), ca.get('/ca/ca.cer')]);
  files = [new Blob([copy(root)]), new Blob([copy(issuing)])];
});
afterAll(async () => ca.close());
beforeEach(() => {
  profile = new Profile();
  profile.now = Date.now();
});

const NAME = '시험 인증기관';
const order = (change: object = {}): { name: string; url: string; files: readonly Blob[] } => ({
  name: NAME,
  url: `${ca.url}/pkix/`,
  files,
  ...change,
});

describe('a test authority of the demo build', () => {
  it('is added by its owner, shown with its fingerprints, called a test, and removed', async () => {
    const { tests } = profile;
    await tests.add(order());
    const [row] = await tests.list();
    expect(row).toMatchObject({
      name: NAME,
      url: `${ca.url}/pkix/`,
      fingerprints: [expect.stringMatching(/^[0-9a-f]{64}$/), expect.stringMatching(/^[0-9a-f]{64}$/)],
    });
    const { entries, certificates } = await tests.directory();
    expect([entries.map(({ id, test }) => [id, test]), certificates.length]).toEqual([[[row!.id, true]], 2]);
    await tests.add(order({ name: '다른 이름' }));
    expect((await tests.list()).map(({ name }) => name)).toEqual(['다른 이름']);
    await tests.remove(row!.id);
    expect(await tests.list()).toEqual([]);
  });

  it.each([
    ['without a name', { name: ' ' }, 'name'],
    ['with a name that turns what is around it', { name: 'a\u202eb' }, 'name'],
    ['on another computer by http', { url: 'http://ca.example/pkix' }, 'url'],
    ['with a password in its address', { url: 'https://a:b@ca.example/' }, 'url'],
    ['whose address is none', { url: 'ca' }, 'url'],
    ['without certificates', { files: [] }, 'certificates'],
    ['whose files are none', { files: [new Blob(['no'])] }, 'certificates'],
    ['with a file beyond the bound', { files: [new Blob([new Uint8Array(40_000)])] }, 'certificates'],
  ])('%s is refused', async (_what, change, detail) => {
    await expect(profile.tests.add(order(change))).rejects.toMatchObject({ code: 'request.malformed', detail });
    expect(await profile.tests.list()).toEqual([]);
  });

  it('needs root and issuing certificate, the one signed by the other', async () => {
    for (const some of [[files[0]], [files[1]]]) expect(await codeOf(() => profile.tests.add(order({ files: some })))).toBe('request.malformed');
  });

  it('is forgotten where what is kept of it is spoilt', async () => {
    for (const text of [
      '',
      '{}',
      '[1]',
      '[{"name":"a","url":"https://ca.example","certificates":["!"]}]',
      '[{"name":"a","url":"x","certificates":[]}]',
    ]) {
      const store = { read: () => Promise.resolve(text), write: () => Promise.resolve() };
      expect(await new TestAuthorities({ store, clock: () => profile.now }).list()).toEqual([]);
    }
  });
});
