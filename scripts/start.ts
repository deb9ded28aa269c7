/**
 * `npm start`: builds, starts the demo bank and opens a browser with the wallet. Without a display it plays the sign-in
 * story by itself; the exit code tells how it went.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { USUAL_PORT } from '../demo/ca/profile.ts';
import { startDemo } from '../demo/demo.ts';
import { launch } from '../test/support/chromium.ts';
import { CHROMIUM, CHROMIUM_KOREAN, ensurePeers, FONTS } from './peers.ts';
import { playStory } from './story.ts';

const ROOT = join(import.meta.dirname, '..');
const PORT = 4080;

function hasDisplay(): boolean {
  if (process.platform !== 'linux') return true;
  return process.env['DISPLAY'] !== undefined || process.env['WAYLAND_DISPLAY'] !== undefined;
}

function build(): void {
  for (const step of [
    ['run', '--silent', 'build:demo-chromium'],
    ['run', '--silent', 'build:libraries'],
  ]) {
    const { status } = spawnSync('npm', step, { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'] });
    if (status !== 0) throw new Error(`npm ${step.join(' ')} failed`);
  }
}

async function openForPerson(): Promise<void> {
  const dataFolder = join(ROOT, '.output', 'demo');
  const bank = await startDemo({ port: PORT, caPort: USUAL_PORT, host: 'localhost', dataFolder });
  const browser = await launch({ headless: false, profile: join(dataFolder, 'profile') });
  const bankPage = await browser.context.newPage();
  await bankPage.goto(bank.url);
  const wallet = await browser.open('manager.html');
  await wallet.bringToFront();
  console.log(
    `Demo bank: ${bank.url}\nDemo certificate authority: ${bank.caUrl}\nDemo certificates: ${join(dataFolder, 'NPKI')} (passwords in README.txt there)\nClose the browser to stop.`,
  );
  await browser.context.waitForEvent('close', { timeout: 0 });
  await bank.close();
}

ensurePeers([CHROMIUM, CHROMIUM_KOREAN, FONTS]);
console.log('Building the extension and the libraries …');
build();
if (hasDisplay() && !process.argv.includes('--story')) await openForPerson();
else process.exitCode = (await playStory()) ? 0 : 1;
