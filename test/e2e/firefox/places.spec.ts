/** Other places of one Firefox where our pages may open: a container and a private window. There is one wallet, and never a second empty one. */
import { expect, test } from '@playwright/test';
import { DEMO_PASSWORD } from '../../../demo/people.ts';
import { startBank } from '../../../demo/bank.ts';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { FIREFOX, findPeer } from '../../../scripts/peers.ts';
import { tell } from '../../support/aim.ts';
import { Firefox } from '../../support/firefox.ts';
import type { Tab } from '../../support/firefox-tab.ts';
import { lock, openAndSave, openImport, openManager, pick, createWallet, storedCopies, t, unlockAndCount } from './steps.ts';

test.skip(findPeer(FIREFOX) === null, 'Firefox is missing');

const CONTAINER = `
  const triggeringPrincipal = Services.scriptSecurityManager.getSystemPrincipal();
  gBrowser.selectedTab = gBrowser.addTab(arguments[0], { userContextId: 2, triggeringPrincipal });`;

async function inContainer(firefox: Firefox): Promise<Tab> {
  const address = 'manager.html?container#/start';
  await firefox.privileged(CONTAINER, `${firefox.origin}/${address}`);
  return firefox.waitForTab(address);
}

test('D17 in a container and in a private window the same wallet asks for its password, opens, and no second one can be made', async () => {
  test.setTimeout(120_000);
  const bank = await startBank({ port: 0, host: 'localhost', dataFolder: join(import.meta.dirname, '..', '..', '..', '.output', 'demo') });
  const folder = bank.authority.people[0]?.folder ?? '';
  await bank.close();
  const firefox = await Firefox.launch();
  try {
    const manager = await openManager(firefox);
    await createWallet(manager);
    await openImport(manager);
    await pick(firefox, manager, { files: readdirSync(folder).map((name) => join(folder, name)) });
    await openAndSave(manager, DEMO_PASSWORD, 1);
    await manager.click('link', t('certificates'));
    await lock(manager);
    const before = await storedCopies(manager);
    for (const [place, open] of Object.entries({
      container: () => inContainer(firefox),
      'private window': () => firefox.open('manager.html#/start', 'private'),
    })) {
      const there = await open();
      await there.find('heading', t('unlock_heading'));
      expect(await unlockAndCount(there), place).toBe(1);
      const found = await storedCopies(there).catch(() => null);
      tell('D17', `${place}: ${found === null ? 'no database, opened from local storage' : 'a database of its own, filled from local storage'}`);
      await lock(there);
      await there.close();
    }
    // What was opened there left this place as it was, or one save ahead in the second copy, which the next unlocking takes in.
    await manager.front();
    await manager.reload();
    expect(await unlockAndCount(manager)).toBe(1);
    const after = await storedCopies(manager);
    expect(after.primary).toBe(before.primary);
    expect(after.mirror).toContain(after.primary);
    expect(await firefox.takeProblems()).toEqual([]);
  } finally {
    await firefox.close();
  }
});
