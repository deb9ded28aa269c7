import { beforeAll, describe, expect, it } from 'vitest';
import { issuerChain } from '../../../lib/npki/chain.ts';
import { NPKI_LIMITS } from '../../../lib/npki/limits.ts';
import { authorityExtensions, holderExtensions, issue, makeKeys, type Issued } from '../../support/test-authority.ts';

describe('the authorities above a certificate', () => {
  let keys: readonly [CryptoKeyPair, CryptoKeyPair];
  let root: Issued;
  let renewed: Issued;

  beforeAll(async () => {
    keys = [await makeKeys(), await makeKeys()];
    root = await issue({ name: 'Root', keys: keys[0], extensions: authorityExtensions() });
    renewed = await issue({ name: 'Root', keys: keys[1], extensions: authorityExtensions() });
  });

  const holderOf = (issuer: Issued, authorityKey?: null): Promise<Issued> =>
    issue({ name: '도장', keys: keys[0], issuer, extensions: holderExtensions(), ...(authorityKey === undefined ? {} : { authorityKey }) });

  it('of one name are told apart by their keys', async () => {
    const material = [root.certificate, renewed.certificate];
    expect(issuerChain((await holderOf(root)).certificate, material)).toEqual([root.certificate]);
    expect(issuerChain((await holderOf(renewed)).certificate, material)).toEqual([renewed.certificate]);
  });

  it('all stay where nothing tells which of them it was', async () => {
    const material = [root.certificate, renewed.certificate, root.certificate];
    expect(issuerChain((await holderOf(renewed, null)).certificate, material)).toEqual([root.certificate, renewed.certificate]);
  });

  it('stay without the right key identifier where there is no other of that name', async () => {
    expect(issuerChain((await holderOf(renewed)).certificate, [root.certificate])).toEqual([root.certificate]);
  });

  it('are no more than one file may hold', async () => {
    const material: Issued[] = [root];
    for (let i = 1; i <= NPKI_LIMITS.chainCertificates; i++)
      material.push(await issue({ name: `CA ${i}`, keys: keys[0], issuer: material.at(-1)!, extensions: authorityExtensions() }));
    const holder = await holderOf(material.at(-1)!);
    const chain = issuerChain(
      holder.certificate,
      material.map(({ certificate }) => certificate),
    );
    expect(chain.length).toBe(NPKI_LIMITS.chainCertificates);
    expect(chain[0]).toBe(material.at(-1)!.certificate);
  });
});
