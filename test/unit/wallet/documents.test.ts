import { beforeEach, describe, expect, it, vi } from 'vitest';
import { fromBase64, toBase64 } from '../../../lib/bytes/base64.ts';
import { concat, type Bytes } from '../../../lib/bytes/bytes.ts';
import { utf8 } from '../../../lib/bytes/text.ts';
import { encodeWindows949 } from '../../../lib/bytes/windows-949.ts';
import { DOCUMENT_FORMS, readSignatures, type AskedDocument, type DocumentForm, type SentSignature } from '../../../lib/protocol/documents.ts';
import { writeStatement } from '../../../lib/sign/statement.ts';
import { memoryNonces } from '../../../lib/verify/nonces.ts';
import { createVerifier, type Verifier } from '../../../lib/verify/verifier.ts';
import type { Approval } from '../../../lib/wallet/approval.ts';
import { REQUESTS_KEY } from '../../../lib/wallet/requests.ts';
import { codeOf, fixture, readFixture } from '../../support/npki-fixtures.ts';
import { PASSWORD, Profile, walletWith } from './profile.ts';
import { asker, NOW, onlyRequest } from './support.ts';

const ID = 'personal-bank-sha1seed';
const BANK = asker('bank document');
const TRANSFER = '받는 계좌: 110-123-456789\n금액: 1,000,000원\n';
const CONTRACT = { title: '약관', mediaType: 'text/plain', content: '제1조 목적\n제2조 정의\n' };
const PDF = { title: '계약서.pdf', mediaType: 'application/pdf', content: toBase64(utf8('%PDF-1.7 not really one')) };

let profile: Profile;

beforeEach(async () => {
  profile = new Profile();
  await walletWith(profile, ID);
});

type Sent = Partial<Record<keyof AskedDocument, unknown>>;

function verifier(): Verifier {
  return createVerifier({
    origin: BANK.origin,
    roots: [readFixture('npki', 'ca', 'root.der')],
    intermediates: [readFixture('npki', 'ca', 'yessign.der')],
    nonces: memoryNonces(),
    clock: profile.clock,
  });
}

/** A document of the bank asks; gives our window for it. */
async function ask(documents: readonly Sent[], rest: object = {}, from = BANK): Promise<Approval> {
  const pageId = crypto.randomUUID();
  profile.documents.set(from.documentId, new Set([pageId]));
  await profile.background.page['page.open'](from, { id: pageId, action: 'sign', payload: { documents, ...rest } });
  const request = (await profile.background.requests.list()).find((one) => one.pageId === pageId);
  const approval = profile.approval(request?.id ?? '');
  await approval.request();
  return approval;
}

async function approve(approval: Approval): Promise<readonly SentSignature[]> {
  await approval.approve((await approval.offers())[0]?.row.id ?? '', PASSWORD);
  const { result } = profile.delivered.at(-1) ?? {};
  const { signatures } = result as { signatures: SentSignature[] };
  return readSignatures(result, signatures.length).signatures;
}

/** What the page library makes of it. */
function whole(signature: SentSignature, content: Bytes): Bytes {
  return typeof signature === 'string' ? fromBase64(signature) : concat(fromBase64(signature.before), content, fromBase64(signature.after));
}

const kept = (): Promise<readonly string[]> => profile.waitingOctets.list();

describe('documents of a page', () => {
  it('are shown as they will be signed, signed with one approval, and stand in the history without their content', async () => {
    const fields = { title: '이체', mediaType: 'text/x-fields', content: TRANSFER };
    const approval = await ask([fields, CONTRACT, PDF]);
    expect(await approval.documents()).toMatchObject([
      { title: '이체', text: TRANSFER, rows: [{ label: '받는 계좌', value: '110-123-456789' }, { label: '금액', value: '1,000,000원' }] }, // prettier-ignore
      { title: '약관', text: CONTRACT.content, rows: null },
      { title: '계약서.pdf', mediaType: 'application/pdf', size: 23, text: null, rows: null },
    ]);
    const signatures = await approve(approval);
    for (const [at, content] of [utf8(TRANSFER), utf8(CONTRACT.content), utf8('%PDF-1.7 not really one')].entries()) {
      const verified = await verifier().verifyDocument(whole(signatures[at]!, content), { content });
      expect(verified).toMatchObject({ holder: fixture(ID).realName, signedAt: NOW, content });
    }
    await profile.background.ports.history.flush();
    const [entry] = (await profile.wallet().history.read()).rows.filter(({ act }) => act === 'sign');
    expect(entry).toMatchObject({
      origin: BANK.origin,
      result: 'done',
      documents: [{ title: '이체' }, { title: '약관' }, { title: '계약서.pdf' }],
    });
    expect(await kept()).toEqual([]);
  });

  it.each(DOCUMENT_FORMS)('are signed in the form %s, in UTF-8 and windows-949', async (form: DocumentForm) => {
    const korean = { title: '이체', mediaType: 'text/plain', content: TRANSFER, charset: 'windows-949' };
    const signatures = await approve(await ask([{ ...korean, charset: 'utf-8' }, korean], { form }));
    for (const [at, content] of [utf8(TRANSFER), encodeWindows949(TRANSFER)!].entries()) {
      await expect(verifier().verifyDocument(whole(signatures[at]!, content), { content, form })).resolves.toMatchObject({ content });
    }
  });

  it('are shown in the charset that they are signed in', async () => {
    const approval = await ask([{ ...CONTRACT, charset: 'windows-949' }]);
    expect(await approval.documents()).toMatchObject([{ text: CONTRACT.content, size: encodeWindows949(CONTRACT.content)!.length }]);
  });

  it('name the asking origin, so that no other site can use them', async () => {
    const [signature] = await approve(await ask([CONTRACT], {}, asker('evil', 'https://bank-example.evil')));
    const content = utf8(CONTRACT.content);
    expect(await codeOf(() => verifier().verifyDocument(whole(signature!, content), { content }))).toBe('verify.origin');
  });

  it('[C8] outlive a background that stops, and a browser that starts forgets what nobody waits for', async () => {
    const approval = await ask([CONTRACT]);
    await profile.waitingOctets.put('left behind', utf8('by a browser that crashed'));
    profile.restart();
    await profile.background.pageRequests.resume();
    await profile.background.pageRequests.sweep();
    expect(await kept()).toEqual([(await onlyRequest(profile.background)).id]);
    expect(await approve(approval)).toHaveLength(1);
  });

  it('lie encrypted while they wait, and only the session store can open them', async () => {
    await ask([CONTRACT]);
    const [id] = await kept();
    const octets = Buffer.from((await profile.waitingOctets.get(id!))!);
    expect(octets.includes(Buffer.from(utf8('제1조')))).toBe(false);
    expect(profile.session.texts.get(REQUESTS_KEY)).not.toContain('제1조');
  });

  it.each(['cancel', 'block'] as const)('are forgotten after a %s', async (way) => {
    const approval = await ask([CONTRACT]);
    await approval[way]();
    expect(await kept()).toEqual([]);
    expect(profile.delivered.at(-1)).toMatchObject({ error: { code: 'user.cancelled' } });
  });

  it('are forgotten where no window opens', async () => {
    await ask([CONTRACT]);
    expect(await codeOf(() => ask([CONTRACT]))).toBe('request.busy');
    expect(await kept()).toHaveLength(1);
  });

  it('of a page that is muted or waits already are not even kept for a moment', async () => {
    await ask([CONTRACT]);
    const put = vi.spyOn(profile.waitingOctets, 'put');
    expect(await codeOf(() => ask([CONTRACT]))).toBe('request.busy');
    expect(put).not.toHaveBeenCalled();
  });
});

describe('nothing is signed', () => {
  it('[C15] where the octets that wait were changed', async () => {
    const approval = await ask([CONTRACT]);
    await approval.documents();
    const [id] = await kept();
    const octets = (await profile.waitingOctets.get(id!))!;
    octets[20]! ^= 1;
    await profile.waitingOctets.put(id!, octets);
    expect(await codeOf(() => approve(approval))).toBe('request.gone');
    expect(profile.delivered).toEqual([]);
  });

  it('where the octets that wait are those of another request', async () => {
    const approval = await ask([CONTRACT]);
    await ask([{ ...CONTRACT, content: '제1조 다른 목적' }], {}, asker('another', 'https://other.example'));
    const [first, second] = await kept();
    const mine = (await profile.background.requests.list())[0]!.id;
    const other = mine === first ? second! : first!;
    await profile.waitingOctets.put(mine, (await profile.waitingOctets.get(other))!);
    expect(await codeOf(() => approve(approval))).toBe('request.gone');
  });

  it('where what was kept of the request is changed after it was shown', async () => {
    const approval = await ask([CONTRACT]);
    await approval.documents();
    const text = profile.session.texts.get(REQUESTS_KEY)!;
    profile.session.texts.set(REQUESTS_KEY, text.replace('약관', '계약'));
    expect(await codeOf(() => approve(approval))).toBe('request.forbidden');
  });

  it('with signing held open alone: that is for signing in', async () => {
    await profile.wallet().signing.hold(5, PASSWORD);
    const approval = await ask([CONTRACT]);
    const id = (await approval.offers())[0]!.row.id;
    expect(await codeOf(() => approval.approve(id))).toBe('password.wrong');
  });

  it.each<[string, Sent, object]>([
    [
      'a sign-in statement',
      { ...CONTRACT, content: new TextDecoder().decode(writeStatement({ origin: BANK.origin, nonce: 'A'.repeat(43), issuedAt: NOW })) },
      {},
    ],
    ['a character that windows-949 has not', { ...CONTRACT, content: '금액 \u{1f600}', charset: 'windows-949' }, {}],
    ['octets that are no base64', { ...PDF, content: 'AAA' }, {}],
    [
      'a ready hash without attributes',
      { ...PDF, mediaType: 'application/octet-stream', content: toBase64(new Uint8Array(32).fill(200)) },
      { form: 'cms-no-attributes' },
    ],
  ])('for %s, and no window opens', async (_, document, rest) => {
    // prettier-ignore
    expect(await codeOf(() => ask([document], rest))).toBe('request.malformed');
    expect(profile.open.size).toBe(0);
    expect(await kept()).toEqual([]);
  });

  it('over 8 MiB of octets, or over 1 MiB in windows-949', async () => {
    expect(await codeOf(() => ask([{ ...CONTRACT, content: '가'.repeat(2_900_000) }]))).toBe('request.too-large');
    expect(await codeOf(() => ask([{ ...CONTRACT, content: '가'.repeat(600_000), charset: 'windows-949' }]))).toBe('request.too-large');
  });

  it('of another size in the session store than a few kilobytes, however large the documents', async () => {
    const content = '가'.repeat(2_700_000);
    const approval = await ask([{ ...CONTRACT, content }]);
    const [signature] = await approve(approval);
    await expect(verifier().verifyDocument(whole(signature!, utf8(content)), { content: utf8(content) })).resolves.toMatchObject({ signedAt: NOW });
    expect(Math.max(...profile.session.history.map(({ length }) => length))).toBeLessThan(100_000);
  });
});
