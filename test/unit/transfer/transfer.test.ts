/** Two wallets and whoever stands between them. */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { concat, copy, type Bytes } from '../../../lib/bytes/bytes.ts';
import { utf8 } from '../../../lib/bytes/text.ts';
import { errorCode } from '../../../lib/errors.ts';
import type { Receiving, Sending } from '../../../lib/transfer/api.ts';
import { fromBase32, toBase32 } from '../../../lib/transfer/base32.ts';
import { answerTo, drawChallenge, readDigits } from '../../../lib/transfer/check-code.ts';
import { pieceOf } from '../../../lib/transfer/fountain.ts';
import { writeFrame } from '../../../lib/transfer/frame.ts';
import { readInvitation, writeInvitation } from '../../../lib/transfer/invitation.ts';
import { startReceiving } from '../../../lib/transfer/receiver.ts';
import { seal } from '../../../lib/transfer/seal.ts';
import { deriveSecrets, makeKeyPair, readPublicKey } from '../../../lib/transfer/secrets.ts';
import { startSending } from '../../../lib/transfer/sender.ts';

const SEED = { seed: 20261125 };
const random = (length: number): Bytes => crypto.getRandomValues(new Uint8Array(length));
const FILE = Uint8Array.from({ length: 7_000 }, (_, at) => (at * 17) & 0xff);

async function failure(act: () => unknown): Promise<string> {
  try {
    await act();
  } catch (thrown) {
    return errorCode(thrown);
  }
  return 'nothing';
}

let receiver: Receiving;
let sender: Sending;

async function pair(): Promise<void> {
  const answer = (await receiver.answer(sender.challenge)) ?? '';
  expect(await sender.confirm(answer)).toBe(true);
}

async function send(numbers: Iterable<number>, file: Bytes = FILE): Promise<string[]> {
  await sender.seal(copy(file));
  const frames: string[] = [];
  for (const number of numbers) frames.push(await sender.frame(number));
  return frames;
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, at) => at);

beforeEach(async () => {
  receiver = await startReceiving(random);
  sender = await startSending(receiver.invitation, random);
});

describe('a transfer', () => {
  it('brings the file and the same file password to the other side', async () => {
    await pair();
    const frames = await send(upTo(24));
    expect(sender.frames).toBe(24);
    expect(receiver.progress).toBeNull();
    for (const [at, frame] of frames.entries()) {
      expect(receiver.isComplete).toBe(false);
      expect(await receiver.take(frame)).toBe('new');
      expect(receiver.progress).toEqual({ done: at + 1, total: 24 });
    }
    expect(await receiver.take(await sender.frame(24))).toBe('known');
    const { file, filePassword } = await receiver.open();
    expect(file).toEqual(FILE);
    expect(filePassword).toBe(sender.filePassword);
  });

  it('works through losses, duplicates, disorder and spoiled codes', async () => {
    await pair();
    const frames = await send(upTo(120));
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray(frames, { minLength: 45, maxLength: 90 }),
        fc.array(fc.tuple(fc.nat(89), fc.nat(607)), { maxLength: 20 }),
        async (seen, spoiled) => {
          const other = await receiver.answer('000000');
          expect(other).toMatch(/^\d{8}$/);
          await receiver.answer(sender.challenge); // Forgets what came before.
          for (const [nth, at] of spoiled) {
            const frame = seen[nth % seen.length] ?? '';
            const place = 9 + at;
            const wrong = frame.slice(0, place) + (frame[place] === 'A' ? 'B' : 'A') + frame.slice(place + 1);
            expect(['other', 'none']).toContain(await receiver.take(wrong));
          }
          for (const frame of [...seen, ...seen.slice(0, 5)]) await receiver.take(frame);
          expect(receiver.isComplete).toBe(true);
          expect((await receiver.open()).file).toEqual(FILE);
        },
      ),
      { ...SEED, numRuns: 12 },
    );
  });

  it.each([1, 300 - 16, 301 - 16, 64 * 1024 - 16])('carries a file of %d octets', async (length) => {
    await pair();
    const file = random(length);
    for (const frame of await send(upTo(Math.ceil((length + 16) / 300)), file)) await receiver.take(frame);
    expect((await receiver.open()).file).toEqual(file);
  });

  it('refuses a file that is too large before it seals', async () => {
    await pair();
    expect(await failure(() => sender.seal(new Uint8Array(64 * 1024 - 15)))).toBe('transfer.too-large');
  });

  it('carries a smaller file after one that was too large', async () => {
    await pair();
    expect(await failure(() => sender.seal(new Uint8Array(64 * 1024)))).toBe('transfer.too-large');
    for (const frame of await send(upTo(24))) await receiver.take(frame);
    expect((await receiver.open()).file).toEqual(FILE);
  });

  it('shows nothing readable of the file', async () => {
    await pair();
    const file = utf8('홍길동-20271024.pfx '.repeat(40));
    const shown = (await send(upTo(8), file)).map((frame) => Buffer.from(fromBase32(frame.slice(9))).toString('latin1')).join('');
    expect(shown).not.toContain(Buffer.from(utf8('홍길동')).toString('latin1'));
    expect(shown).not.toContain('20271024');
  });
});

describe('the check', () => {
  it('gives nothing out before the right answer', async () => {
    expect(await failure(() => sender.filePassword)).toBe('transfer.code-wrong');
    expect(await failure(() => sender.seal(FILE))).toBe('transfer.code-wrong');
    expect(await failure(() => sender.frame(0))).toBe('transfer.code-wrong');
  });

  it('ends the transfer at the third wrong answer, and the right one comes too late', async () => {
    const right = (await receiver.answer(sender.challenge)) ?? '';
    const wrong = right === '00000000' ? '11111111' : '00000000';
    expect(await sender.confirm(wrong)).toBe(false);
    expect(await sender.confirm(wrong)).toBe(false);
    expect(await failure(() => sender.confirm(wrong))).toBe('transfer.code-wrong');
    expect(await failure(() => sender.confirm(right))).toBe('transfer.code-wrong');
    expect(await failure(() => sender.filePassword)).toBe('transfer.code-wrong');
  });

  it('does not count what is no answer at all', async () => {
    const right = (await receiver.answer(sender.challenge)) ?? '';
    for (const typed of ['', '1234567', '123456789', 'abcdefgh', '1234 567x']) expect(await sender.confirm(typed)).toBeNull();
    expect(await sender.confirm(` ${right.slice(0, 4)}-${right.slice(4)} `)).toBe(true);
  });

  it.each(['', '12345', '1234567', '12345a', '１２３４５', '12 34'])('does not answer %j', async (typed) => {
    expect(await receiver.answer(typed)).toBeNull();
  });

  it('reads digits in groups and in full width', () => {
    expect(readDigits('１２３ ４５６', 6)).toBe('123456');
    expect(readDigits('123-456', 6)).toBe('123456');
    expect(readDigits('٣٢١٣٢١', 6)).toBeNull();
  });

  it('fails for a receiver in between, whose key another wallet answers for', async () => {
    const between = await startReceiving(random);
    const fooled = await startSending(between.invitation, random);
    const honest = (await receiver.answer(fooled.challenge)) ?? '';
    expect(await fooled.confirm(honest)).toBe(false);
  });

  it('has another answer for another key, nonce or challenge', async () => {
    const invitation = readInvitation(receiver.invitation);
    const answers = await Promise.all([
      answerTo(invitation, '123456'),
      answerTo(invitation, '123457'),
      answerTo({ ...invitation, nonce: random(16) }, '123456'),
      answerTo({ ...invitation, publicKey: readInvitation((await startReceiving(random)).invitation).publicKey }, '123456'),
    ]);
    expect(new Set(answers).size).toBe(4);
    expect(answers.filter((answer) => !/^\d{8}$/.test(answer))).toEqual([]);
  });

  it('is SHA-256 over label, key, nonce and challenge', async () => {
    const invitation = { publicKey: new Uint8Array(65).fill(4), nonce: new Uint8Array(16).fill(1) };
    const hash = createHash('sha256')
      .update(concat(utf8('Dojang transfer 1 answer'), invitation.publicKey, invitation.nonce, utf8('012345')))
      .digest();
    expect(await answerTo(invitation, '012345')).toBe(String(hash.readBigUInt64BE() % 100_000_000n).padStart(8, '0'));
  });

  it('draws six digits, with zeros in front where they are', () => {
    expect(drawChallenge(() => new Uint8Array(8))).toBe('000000');
    expect(drawChallenge(() => Uint8Array.of(0, 0, 0, 0, 0, 0x0f, 0x42, 0x41))).toBe('000001');
  });
});

describe('frames of others', () => {
  it('do not count before the challenge was typed', async () => {
    const answer = (await receiver.answer(sender.challenge)) ?? '';
    const fresh = await startReceiving(random);
    await sender.confirm(answer);
    const [frame = ''] = await send([0]);
    expect(await fresh.take(frame)).toBe('other');
    expect(fresh.progress).toBeNull();
  });

  it('do not count where another challenge was typed', async () => {
    await pair();
    const [frame = ''] = await send([0]);
    await receiver.answer(sender.challenge === '000000' ? '000001' : '000000');
    expect(await receiver.take(frame)).toBe('other');
  });

  it('by someone who saw the challenge are forgotten when it is typed again', async () => {
    await pair();
    const invitation = readInvitation(receiver.invitation);
    const { privateKey, publicKey: senderKey } = await makeKeyPair();
    const secrets = await deriveSecrets(privateKey, await readPublicKey(invitation.publicKey), {
      invitation,
      senderKey,
      challenge: sender.challenge,
    });
    const message = await seal(utf8('of another wallet'), secrets.sealing);
    const strange = await writeFrame({ senderKey, length: message.length, number: 0, piece: pieceOf(message, 0) }, secrets.frames);
    expect(await receiver.take(strange)).toBe('new');
    const [genuine = ''] = await send([0]);
    expect(await receiver.take(genuine)).toBe('other');
    await receiver.answer(sender.challenge);
    expect(receiver.progress).toBeNull();
    expect(await receiver.take(genuine)).toBe('new');
    expect(await receiver.take(strange)).toBe('other');
  });

  it('of another sender with the same invitation change nothing', async () => {
    await pair();
    const [first = '', second = ''] = await send([0, 1]);
    expect(await receiver.take(first)).toBe('new');
    const strange = fromBase32(second.slice(9));
    strange.set(readInvitation((await startReceiving(random)).invitation).publicKey);
    expect(await receiver.take(`DOJANG1F:${toBase32(strange)}`)).toBe('other');
    expect(receiver.progress).toEqual({ done: 1, total: 24 });
    expect(await receiver.take(second)).toBe('new');
  });

  it('with a point off the curve, a length out of bounds or a foreign text are passed over', async () => {
    await pair();
    const [frame = ''] = await send([0]);
    const off = fromBase32(frame.slice(9));
    off[1] = (off[1] ?? 0) ^ 1;
    expect(await receiver.take(`DOJANG1F:${toBase32(off)}`)).toBe('other');
    const lengths = [0, 16, 65_537, 0xff_ffff].map((length) => {
      const bytes = fromBase32(frame.slice(9));
      bytes.set([length >> 16, (length >> 8) & 0xff, length & 0xff], 65);
      return `DOJANG1F:${toBase32(bytes)}`;
    });
    for (const text of [
      '',
      'x',
      'https://bank.example',
      receiver.invitation,
      frame.toLowerCase(),
      `${frame}A`,
      `${frame.slice(0, -1)}1`,
      ...lengths,
    ]) {
      expect(await receiver.take(text)).toBe('none');
    }
    expect(receiver.progress).toBeNull();
  });

  it('never throw, whatever a camera reads', async () => {
    await pair();
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string({ maxLength: 700 }), fc.stringMatching(/^DOJANG1F:[A-Z2-7]{608}$/)), async (text) => {
        expect(['other', 'none']).toContain(await receiver.take(text));
      }),
      { ...SEED, numRuns: 300 },
    );
  });

  it('of an earlier transfer cannot be replayed', async () => {
    await pair();
    const frames = await send(upTo(24));
    const again = await startReceiving(random);
    await again.answer(sender.challenge);
    for (const frame of frames) expect(await again.take(frame)).toBe('other');
  });
});

describe('the end', () => {
  it('leaves a receiver that takes nothing, and a sender that shows nothing', async () => {
    await pair();
    const [frame = ''] = await send([0]);
    receiver.end();
    sender.end();
    expect(await receiver.take(frame)).toBe('other');
    expect(receiver.progress).toBeNull();
    expect(await failure(() => sender.frame(0))).toBe('transfer.code-wrong');
    expect(await failure(() => sender.confirm('00000000'))).toBe('transfer.code-wrong');
  });

  it('comes for a sender while it seals', async () => {
    await pair();
    const sealing = sender.seal(FILE);
    sender.end();
    await sealing;
    expect(sender.frames).toBe(0);
  });

  it('a file is sealed once, since its key is for one message', async () => {
    await pair();
    await send([0]);
    expect(await failure(() => sender.seal(FILE))).toBe('internal');
  });
});

describe('an invitation', () => {
  it('is 139 characters that come back from a clipboard, whatever happened to blanks and case', () => {
    const { invitation } = receiver;
    expect(invitation).toMatch(/^DOJANG1R:[A-Z2-7]{130}$/);
    const read = readInvitation(invitation);
    expect(writeInvitation(read)).toBe(invitation);
    expect(readInvitation(`\n ${invitation.slice(0, 70).toLowerCase()}\r\n${invitation.slice(70)} `)).toEqual(read);
  });

  it.each([
    ['', 'transfer.malformed'],
    ['hello', 'transfer.malformed'],
    ['DOJANG1F:AAAA', 'transfer.malformed'],
    ['DOJANG1R:', 'transfer.malformed'],
    [`DOJANG1R:${'A'.repeat(130)}`, 'transfer.malformed'],
    ['DOJANG1R:'.padEnd(2_000, 'A'), 'transfer.malformed'],
    ['DOJANG2R:AAAA', 'transfer.newer-version'],
    ['DOJANG10R:AAAA', 'transfer.newer-version'],
  ])('%s is refused with %s', async (text, code) => {
    expect(await failure(() => readInvitation(text))).toBe(code);
  });

  it('with a point off the curve is refused', async () => {
    const { publicKey, nonce } = readInvitation(receiver.invitation);
    publicKey[40] = (publicKey[40] ?? 0) ^ 1;
    expect(await failure(() => startSending(writeInvitation({ publicKey, nonce }), random))).toBe('transfer.malformed');
  });
});
