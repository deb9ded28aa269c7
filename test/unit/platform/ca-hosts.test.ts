import { beforeEach, describe, expect, it, vi } from 'vitest';
import { connectSources, hostPatterns } from '../../../lib/platform/ca-hosts.ts';
import { askHostAccess } from '../../../lib/platform/host-access.ts';
import { ADAPTER } from '../../support/cmp-authority.ts';

const request = vi.hoisted(() => vi.fn<(wanted: { origins: string[] }) => Promise<boolean>>());
vi.mock('../../../lib/platform/browser.ts', () => ({ browser: { permissions: { request } } }));

const PLACES = { cmp: { url: 'https://ca.example:8443/cmp', adapter: ADAPTER }, ocspHosts: ['ocsp.example:4612'], crlHosts: ['ca.example'] };
const NOBODY = { cmp: null, ocspHosts: [], crlHosts: [] };

describe('hosts of an authority', () => {
  it('are patterns without ports for leave, and origins with ports for the policy', () => {
    expect(hostPatterns(PLACES)).toEqual(['https://ca.example/*', 'http://ocsp.example/*', 'https://ocsp.example/*', 'http://ca.example/*']);
    expect(connectSources(PLACES)).toEqual([
      'https://ca.example:8443',
      'http://ocsp.example:4612',
      'https://ocsp.example:4612',
      'http://ca.example',
      'https://ca.example',
    ]);
  });

  it('are served over http alone on this computer', () => {
    expect(hostPatterns({ ...NOBODY, ocspHosts: ['127.0.0.1:4081'], crlHosts: ['localhost'] })).toEqual(['http://127.0.0.1/*', 'http://localhost/*']);
  });

  it('are none where there is none to talk to', () => expect([hostPatterns(NOBODY), connectSources(NOBODY)]).toEqual([[], []]));
});

describe('leave to reach them', () => {
  beforeEach(() => void request.mockReset());

  it.each([true, false])('is what the browser says (%s)', async (answer) => {
    request.mockResolvedValue(answer);
    expect(await askHostAccess(['https://ca.example/*'])).toBe(answer);
    expect(request).toHaveBeenCalledWith({ origins: ['https://ca.example/*'] });
  });

  it('is none where the browser may not ask', async () => {
    request.mockRejectedValue(new Error('must be called during a user gesture'));
    expect(await askHostAccess(['https://ca.example/*'])).toBe(false);
  });

  it('is not asked for where no host needs it', async () => {
    expect(await askHostAccess([])).toBe(true);
    expect(request).not.toHaveBeenCalled();
  });
});
