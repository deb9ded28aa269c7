import { createHash, X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import shipped from '../../../lib/trust/roots.json' with { type: 'json' };
import { shippedIntermediates, shippedRoots } from '../../../lib/trust/roots.ts';

describe('the shipped roots', () => {
  it.each([...shipped.roots, ...shipped.intermediates])('$name is what its entry says', ({ name, sha256, notAfter, added, source, certificate }) => {
    const bytes = Buffer.from(certificate, 'base64');
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(sha256);
    const read = new X509Certificate(bytes);
    expect(read.subject).toContain(`CN=${name}`);
    expect(new Date(read.validTo).toISOString()).toBe(new Date(notAfter).toISOString());
    expect(added).toMatch(/^\d{4}-\d\d-\d\d$/);
    expect(source).not.toBe('');
  });

  it('are read as certificates of authorities; only roots are self-issued', () => {
    const selfIssued = [...shippedRoots(), ...shippedIntermediates()].map((one) => [
      one.basicConstraints?.ca,
      one.issuer.der.join() === one.subject.der.join(),
    ]);
    expect(selfIssued).toEqual([[true, true], ...shipped.intermediates.map(() => [true, false])]);
  });
});
