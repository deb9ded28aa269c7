import { beforeEach, describe, expect, it, vi } from 'vitest';

const state = vi.hoisted(() => ({
  origins: [] as string[],
  scripts: [] as { id: string; matches: string[] }[],
  answer: true,
}));

vi.mock('webextension-polyfill', () => ({
  default: {
    permissions: {
      getAll: () => Promise.resolve({ origins: [...state.origins] }),
      request({ origins }: { origins: string[] }) {
        if (state.answer) state.origins.push(...origins);
        return Promise.resolve(state.answer);
      },
      remove({ origins }: { origins: string[] }) {
        state.origins = state.origins.filter((one) => !origins.includes(one));
        return Promise.resolve(true);
      },
    },
    scripting: {
      getRegisteredContentScripts: () => Promise.resolve([...state.scripts]),
      async registerContentScripts(scripts: typeof state.scripts) {
        await Promise.resolve();
        if (scripts.some(({ id }) => state.scripts.some((one) => one.id === id))) throw new Error('Duplicate script ID');
        state.scripts.push(...scripts);
      },
      unregisterContentScripts({ ids }: { ids: string[] }) {
        state.scripts = state.scripts.filter(({ id }) => !ids.includes(id));
        return Promise.resolve();
      },
    },
    tabs: { query: () => Promise.resolve([{ id: 3, url: 'https://bank.example:8443/login?a=1' }]) },
  },
}));

const { registerAdded, siteAccess } = await import('../../../lib/platform/site-access.ts');
const access = siteAccess(false);

beforeEach(() => {
  state.origins = ['https://wooribank.com/*', 'https://*.wooribank.com/*'];
  state.scripts = [{ id: 'another', matches: [] }];
  state.answer = true;
});

describe('where the browser lets us run', () => {
  it('B24: a site that is added runs our script at once and after an update, and no more when it is taken away', async () => {
    expect(await access.add('https://bank.example')).toBe(true);
    expect([await access.added(), state.scripts.at(-1)]).toMatchObject([
      ['https://bank.example'],
      { id: 'site-bank.example', matches: ['https://bank.example/*'], runAt: 'document_start', allFrames: false },
    ]);
    state.scripts = [];
    await registerAdded();
    expect(state.scripts.map(({ id }) => id)).toEqual(['site-bank.example']);
    await registerAdded();
    expect(state.scripts).toHaveLength(1);
    await access.remove('https://bank.example');
    expect([state.scripts, await access.added()]).toEqual([[], []]);
  });

  it('a site that is added is registered once, though the background hears of it meanwhile', async () => {
    await Promise.all([access.add('https://bank.example'), registerAdded(), registerAdded()]);
    expect(state.scripts.map(({ id }) => id)).toEqual(['another', 'site-bank.example']);
  });

  it('B24: what the person took back in the browser itself is taken off', async () => {
    await access.add('https://bank.example');
    state.origins = [];
    await registerAdded();
    expect(state.scripts.map(({ id }) => id)).toEqual(['another']);
  });

  it('nothing changes where the browser’s person says no, or where nothing was added', async () => {
    state.answer = false;
    expect(await access.add('https://bank.example')).toBe(false);
    await access.remove('https://wooribank.com');
    expect([state.scripts.length, state.origins.length]).toEqual([1, 2]);
  });

  it.each([
    ['https://wooribank.com', true],
    ['https://spot.wooribank.com', true],
    ['https://wooribank.com.evil.example', false],
    ['https://notwooribank.com', false],
    ['http://wooribank.com', false],
    ['http://localhost:3000', false],
    ['nonsense', false],
  ])('B1: %s is listed: %s', (origin, listed) => {
    expect(access.isListed(origin)).toBe(listed);
  });

  it('loopback is listed in the demo alone', () => {
    expect(siteAccess(true).isListed('http://localhost:3000')).toBe(true);
  });

  it('the tab tells its origin and nothing more', async () => {
    expect(await access.tab()).toEqual({ id: 3, origin: 'https://bank.example:8443' });
  });
});
