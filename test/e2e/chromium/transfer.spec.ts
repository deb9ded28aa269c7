/** Certificates from screen to camera between two wallets in two browsers, with the real codes and a camera that plays them. */
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { launch, ROOT } from '../../support/chromium.ts';
import { cameraArgs, showToCamera } from '../../support/fake-camera.ts';
import { lookAt } from '../../support/look.ts';
import { createWallet, importFolder, person, WALLET_PASSWORD, type Person } from '../../support/journey.ts';
import { fixture, FIXTURES } from '../../support/npki-fixtures.ts';
import { chooseToSend, go, movingCodes, shownCode, shownNumber } from '../../support/transfer-journey.ts';

const PICTURES = join(ROOT, '.output', 'screens');
const HONG = fixture('personal-bank-sha1seed');
const PARK = fixture('kica-personal');
const RECEIVER_PASSWORD = '받는 지갑의 다른 암호 77';

let folder: string;
let sender: Person;
let receiver: Person;
let from: Page;
let to: Page;
/** What the cameras of both sides see. */
let senderCamera: string;
let receiverCamera: string;

test.describe.configure({ mode: 'serial' });

test.beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'dojang-transfer-'));
  senderCamera = join(folder, 'sender.y4m');
  receiverCamera = join(folder, 'receiver.y4m');
  for (const file of [senderCamera, receiverCamera]) showToCamera(file, [null]);
  mkdirSync(PICTURES, { recursive: true });
  const stick = join(folder, 'NPKI');
  for (const identity of [HONG, PARK]) cpSync(join(FIXTURES, 'npki', identity.folder), join(stick, identity.id), { recursive: true });
  sender = person(await launch({ profile: join(folder, 'one'), args: cameraArgs(senderCamera) }));
  receiver = person(await launch({ profile: join(folder, 'two'), locale: 'en', dark: true, args: cameraArgs(receiverCamera) }), 'en');
  from = await createWallet(sender);
  to = await createWallet(receiver, RECEIVER_PASSWORD);
  await importFolder(sender, from, stick, { certificatePassword: HONG.password });
});

test.afterAll(async () => {
  await sender.browser.close();
  await receiver.browser.close();
  rmSync(folder, { recursive: true, force: true });
});

test.afterEach(() => {
  expect([...sender.browser.problems.splice(0), ...receiver.browser.problems.splice(0)]).toEqual([]);
});

function picture(page: Page, name: string, width = 1280): Promise<void> {
  return lookAt(page, `transfer-${name}`, width);
}

/** Both sides up to the point where the sender asks for the wallet password. */
async function pairByCamera(): Promise<void> {
  await go(to, '#/transfer');
  await to.getByRole('link', { name: receiver.t('receive_heading') }).click();
  showToCamera(senderCamera, [await shownCode(to, receiver.t('receive_code'))]);
  await from.getByRole('button', { name: sender.t('camera_start') }).click();
  await expect(from.getByRole('heading', { name: sender.t('send_check') })).toBeFocused({ timeout: 20_000 });
  await exchangeNumbers();
}

async function exchangeNumbers(): Promise<void> {
  await to.getByLabel(receiver.t('receive_challenge')).fill(await shownNumber(from, sender.t('send_challenge')));
  await to.getByLabel(receiver.t('receive_challenge')).press('Enter');
  await expect(to.getByRole('heading', { name: receiver.t('receive_scan') })).toBeFocused();
  await from.getByLabel(sender.t('send_answer')).fill(await shownNumber(to, receiver.t('receive_answer')));
  await from.getByLabel(sender.t('send_answer')).press('Enter');
  await expect(from.getByRole('heading', { name: sender.t('send_confirm') })).toBeFocused();
}

async function showFrames(): Promise<void> {
  await from.getByLabel(sender.t('wallet_password'), { exact: true }).fill(WALLET_PASSWORD);
  await from.getByRole('button', { name: sender.t('send_make') }).click();
  await expect(from.getByRole('heading', { name: sender.t('send_show') })).toBeFocused({ timeout: 30_000 });
}

test('two certificates go from one wallet to the other, though the camera misses every third code', async () => {
  test.setTimeout(150_000);
  await go(from, '#/transfer');
  await expect(from.getByRole('heading', { name: sender.t('transfer_heading') })).toBeVisible();
  await picture(from, 'ko-start');
  await chooseToSend(sender, from, [HONG.realName, PARK.realName]);
  await picture(from, 'ko-scan');
  await pairByCamera();
  await picture(from, 'ko-confirm');
  await picture(to, 'en-dark-answer');
  await showFrames();
  const codes = await movingCodes(sender, from, 90);
  await picture(from, 'ko-show');
  showToCamera(
    receiverCamera,
    codes.filter((_, at) => at % 3 !== 1),
  );
  await to.getByRole('button', { name: receiver.t('camera_start') }).click();
  await expect(to.getByText(receiver.t('camera_on'))).toBeVisible();
  await expect(to.getByRole('progressbar')).toBeVisible({ timeout: 20_000 });
  await picture(to, 'en-dark-progress', 360);
  await expect(to.getByRole('heading', { name: receiver.t('receive_found') })).toBeFocused({ timeout: 90_000 });
  for (const { realName } of [HONG, PARK])
    await expect(to.getByRole('row', { name: new RegExp(realName) })).toContainText(receiver.t('import_state_opened'));
  await picture(to, 'en-dark-found');
  await to.getByLabel(receiver.t('wallet_password'), { exact: true }).fill(RECEIVER_PASSWORD);
  await to.getByRole('button', { name: receiver.t('import_save', { n: 2 }) }).click();
  await expect(to.getByText(receiver.t('receive_done', { n: 2 }))).toBeVisible({ timeout: 30_000 });
  await picture(to, 'en-dark-done', 360);
  await to.getByRole('link', { name: receiver.t('import_to_list') }).click();
  await to.getByRole('link', { name: new RegExp(HONG.realName) }).click();
  await expect(to.getByText(receiver.t('details_identity_yes'))).toBeVisible();
  await from.getByRole('button', { name: sender.t('send_done') }).click();
  await expect(from.getByRole('link', { name: new RegExp(HONG.realName) })).toBeVisible();
});

test('by keyboard alone and without the sender’s camera: the invitation is pasted', async () => {
  await chooseToSend(sender, from, [HONG.realName]);
  await go(to, '#/receive');
  await expect(to.getByRole('heading', { name: receiver.t('receive_heading') })).toBeFocused();
  await picture(to, 'en-dark-invite');
  await picture(to, 'en-dark-invite-narrow', 360);
  const invitation = (await to.locator('code').textContent()) ?? '';
  await from.getByText(sender.t('send_paste')).focus();
  await from.keyboard.press('Enter');
  await from.keyboard.press('Tab');
  await from.keyboard.insertText('hello');
  await from.keyboard.press('Tab');
  await from.keyboard.press('Enter');
  await expect(from.getByRole('alert')).toHaveText(sender.t('transfer_malformed'));
  await from.getByLabel(sender.t('send_paste_label')).fill(` ${invitation.toLowerCase()}\n`);
  await from.keyboard.press('Tab');
  await from.keyboard.press('Enter');
  await expect(from.getByRole('heading', { name: sender.t('send_check') })).toBeFocused();
  await picture(from, 'ko-check');
  await picture(from, 'ko-check-narrow', 360);
  await exchangeNumbers();
  await from.keyboard.press('Tab');
  await expect(from.getByLabel(sender.t('wallet_password'), { exact: true })).toBeFocused();
  await from.keyboard.type('wrong password here');
  await from.keyboard.press('Enter');
  await expect(from.getByRole('alert')).toContainText(sender.t('password_wrong'));
  await from.keyboard.insertText(WALLET_PASSWORD);
  await from.keyboard.press('Enter');
  await expect(from.getByRole('img', { name: sender.t('send_moving_code') })).toBeVisible({ timeout: 30_000 });
  await picture(from, 'ko-show-narrow', 360);
  await from.getByRole('button', { name: sender.t('send_pause') }).press('Space');
  const still = await shownCode(from, sender.t('send_moving_code'));
  await from.waitForTimeout(600);
  expect(await shownCode(from, sender.t('send_moving_code'))).toEqual(still);
});

test('a receiver in between does not get past the check, and after three tries nothing is left to try', async () => {
  await chooseToSend(sender, from, [HONG.realName]);
  const between = await receiver.browser.open('manager.html#/receive');
  await go(to, '#/');
  await go(to, '#/receive');
  showToCamera(senderCamera, [await shownCode(between, receiver.t('receive_code'))]);
  await from.getByRole('button', { name: sender.t('camera_start') }).click();
  await expect(from.getByRole('heading', { name: sender.t('send_check') })).toBeFocused({ timeout: 20_000 });
  await to.getByLabel(receiver.t('receive_challenge')).fill(await shownNumber(from, sender.t('send_challenge')));
  await to.getByLabel(receiver.t('receive_challenge')).press('Enter');
  const honest = await shownNumber(to, receiver.t('receive_answer'));
  for (let tries = 0; tries < 2; tries++) {
    await from.getByLabel(sender.t('send_answer')).fill(honest);
    await from.getByLabel(sender.t('send_answer')).press('Enter');
    await expect(from.getByRole('alert')).toHaveText(sender.t('send_answer_wrong'));
  }
  await picture(from, 'ko-wrong');
  await from.getByLabel(sender.t('send_answer')).fill(honest);
  await from.getByLabel(sender.t('send_answer')).press('Enter');
  await expect(from.getByRole('alert')).toHaveText(sender.t('transfer_code_wrong'));
  await expect(from.getByLabel(sender.t('wallet_password'), { exact: true })).toHaveCount(0);
  await between.close();
});

test('leaving turns the camera off', async () => {
  await go(to, '#/');
  await go(to, '#/receive');
  await to.getByLabel(receiver.t('receive_challenge')).fill('123456');
  await to.getByLabel(receiver.t('receive_challenge')).press('Enter');
  await to.evaluate(() => {
    const { mediaDevices } = navigator;
    const open = mediaDevices.getUserMedia.bind(mediaDevices);
    mediaDevices.getUserMedia = async (constraints) => {
      const stream = await open(constraints);
      Object.assign(window, { dojangTracks: stream.getTracks() });
      return stream;
    };
  });
  const states = (): Promise<string[]> =>
    to.evaluate(() => (window as unknown as { dojangTracks: MediaStreamTrack[] }).dojangTracks.map(({ readyState }) => readyState));
  await to.getByRole('button', { name: receiver.t('camera_start') }).click();
  await expect(to.getByText(receiver.t('camera_on'))).toBeVisible();
  expect(await states()).toEqual(['live']);
  await to.getByRole('button', { name: receiver.t('cancel') }).click();
  await expect(to.getByRole('heading', { name: receiver.t('transfer_heading') })).toBeVisible();
  expect(await states()).toEqual(['ended']);
});

test('says plainly why there is no picture', async () => {
  for (const [name, code] of [
    ['NotAllowedError', 'camera_denied'],
    ['NotFoundError', 'camera_none'],
    ['NotReadableError', 'camera_busy'],
  ] as const) {
    await go(to, '#/');
    await go(to, '#/receive');
    await to.getByLabel(receiver.t('receive_challenge')).fill('123456');
    await to.getByLabel(receiver.t('receive_challenge')).press('Enter');
    await to.evaluate((error) => {
      navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', error));
    }, name);
    await to.getByRole('button', { name: receiver.t('camera_start') }).click();
    await expect(to.getByRole('alert')).toHaveText(receiver.t(code));
    await expect(to.getByRole('button', { name: receiver.t('camera_start') })).toBeFocused();
  }
  await picture(to, 'en-dark-busy', 360);
});
