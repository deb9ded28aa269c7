import { beforeAll, describe, expect, it } from 'vitest';
import { AUTHORITIES, findAuthority } from '../../../lib/cmp/directory/directory.ts';
import type { CaEntry } from '../../../lib/cmp/directory/entry.ts';
import { partnerOf } from '../../../lib/cmp/directory/partner.ts';
import { certificateFingerprint } from '../../../lib/npki/certificate.ts';
import { shippedIntermediates, shippedRoots } from '../../../lib/trust/roots.ts';
import { ADAPTER } from '../../support/cmp-authority.ts';
import { codeOf } from '../../support/npki-fixtures.ts';
import { makeChain, type TestChain } from '../../support/test-authority.ts';

describe('the directory of authorities', () => {
  it('has each once, with where and when it was learnt', () => {
    expect(new Set(AUTHORITIES.map(({ id }) => id)).size).toBe(AUTHORITIES.length);
    for (const { id, source, date, name } of AUTHORITIES) {
      expect([id, date]).toEqual([expect.stringMatching(/^[a-z0-9-]+$/), expect.stringMatching(/^\d{4}-\d\d-\d\d$/)]);
      expect(source.length > 20 && name.ko !== '' && name.en !== '').toBe(true);
    }
  });

  it('names only certificates that are shipped', async () => {
    const fingerprints = (certificates: ReturnType<typeof shippedRoots>) => Promise.all(certificates.map(certificateFingerprint));
    const [roots, issuers] = await Promise.all([fingerprints(shippedRoots()), fingerprints(shippedIntermediates())]);
    for (const entry of AUTHORITIES) {
      expect(roots).toEqual(expect.arrayContaining([...entry.roots]));
      expect(issuers).toEqual(expect.arrayContaining([...entry.issuers]));
    }
  });

  it.each(AUTHORITIES.map(({ id }) => id))('%s is no test, and offers no certificate management in public', async (id) => {
    const entry = findAuthority(id)!;
    expect([entry.test, entry.cmp]).toEqual([false, null]);
    expect(await codeOf(() => partnerOf(entry, [...shippedRoots(), ...shippedIntermediates()]))).toBe('ca.unreachable');
  });

  it.each(['', 'https://ca.example/cmp', 'YESSIGN', '__proto__'])('knows nobody called "%s"', (id) => expect(findAuthority(id)).toBeNull());
});

describe('an authority that is talked to', () => {
  let chain: TestChain;
  let entry: CaEntry;

  beforeAll(async () => {
    chain = await makeChain();
    const [issuer, root] = await Promise.all([certificateFingerprint(chain.authority.certificate), certificateFingerprint(chain.root.certificate)]);
    const cmp = { url: 'https://ca.example/cmp', adapter: ADAPTER };
    entry = { ...AUTHORITIES[0]!, id: 'test', test: true, cmp, issuers: [issuer], roots: [root] };
  });

  it('has the certificates that it names, and no others', async () => {
    const { authority, root, holder } = chain;
    const partner = await partnerOf(
      entry,
      [holder, root, authority].map(({ certificate }) => certificate),
    );
    expect(partner).toEqual({ id: 'test', adapter: ADAPTER, issuers: [authority.certificate], roots: [root.certificate] });
  });

  it.each(['root', 'authority'] as const)('is none without its %s', async (missing) => {
    const there = missing === 'root' ? chain.authority : chain.root;
    const certificates = [chain.holder.certificate, there.certificate];
    expect(await codeOf(() => partnerOf(entry, certificates))).toBe('ca.unreachable');
  });
});
