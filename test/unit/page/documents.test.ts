import { beforeEach, describe, expect, it } from 'vitest';
import { fromBase64, toBase64 } from '../../../lib/bytes/base64.ts';
import { utf8 } from '../../../lib/bytes/text.ts';
import { connectWallet, DojangError, type SignOptions } from '../../../lib/page/dojang.ts';
import { openWindow, type FakeWindow } from './fake-window.ts';

const GREETING = { protocol: 1, wallet: { name: 'Dojang', version: '0.1.0' }, features: ['signIn', 'sign'] };
const TEXT = { title: '이체', mediaType: 'text/plain', content: '금액: 1,000원' } as const;

let window: FakeWindow;

beforeEach(() => {
  window = openWindow();
});

/** Answers `sign` with what is given for the payload. */
function answering(answer: (payload: { documents: { content: string }[] }) => unknown): void {
  window.onMessage = ({ data, ports }) => {
    const { action, payload } = data as { action: string; payload: { documents: { content: string }[] } };
    ports[0]?.postMessage(action === 'connect' ? { result: GREETING } : answer(payload));
  };
}

async function sign(request: SignOptions): Promise<{ signatures: readonly string[] }> {
  return (await connectWallet()).sign(request);
}

describe('signing documents', () => {
  it('puts the content of a text and of octets back between what the wallet signed', async () => {
    const octets = Uint8Array.of(1, 2, 3);
    answering(() => ({ result: { signatures: [{ before: 'AA==', after: '/w==' }, { before: 'AA==', after: '/w==' }, 'BBBB'], certificate: 'CCCC' } })); // prettier-ignore
    const documents = [TEXT, { title: 'b', mediaType: 'application/pdf', content: octets } as const, { ...TEXT, charset: 'windows-949' } as const];
    const asked = (await connectWallet()).sign({ documents });
    octets.fill(9); // [C15] what a page does to its own arrays afterwards changes nothing
    const { signatures } = await asked;
    expect(fromBase64(signatures[0]!)).toEqual(Uint8Array.of(0, ...utf8(TEXT.content), 0xff));
    expect(fromBase64(signatures[1]!)).toEqual(Uint8Array.of(0, 1, 2, 3, 0xff));
    expect(signatures[2]).toBe('BBBB');
  });

  it('sends octets in base64 and the rest as it is', async () => {
    let payload: unknown;
    answering((sent) => {
      payload = sent;
      return { error: { code: 'user.cancelled' } };
    });
    const document = { title: 'b', mediaType: 'application/octet-stream', content: Uint8Array.of(1, 2, 3) } as const;
    await expect(sign({ documents: [TEXT, document], form: 'cms-detached', accept: { issuers: ['x'] } })).rejects.toMatchObject({
      code: 'user.cancelled',
    });
    expect(payload).toEqual({
      documents: [TEXT, { ...document, content: toBase64(document.content) }],
      form: 'cms-detached',
      accept: { issuers: ['x'] },
    });
  });

  it.each([
    ['no list', { documents: undefined }],
    ['nothing in it', { documents: [null] }],
  ])('is malformed with %s', async (_, request) => {
    answering(() => ({ result: {} }));
    await expect(sign(request as unknown as SignOptions)).rejects.toBeInstanceOf(DojangError);
  });

  it('is malformed where the wallet gives another number of signatures', async () => {
    answering(() => ({ result: { signatures: [], certificate: 'CCCC' } }));
    await expect(sign({ documents: [TEXT] })).rejects.toMatchObject({ code: 'request.malformed' });
  });
});
