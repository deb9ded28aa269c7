import { beforeEach, describe, expect, it } from 'vitest';
import { utf8 } from '../../../lib/bytes/text.ts';
import { readTaxInvoicesResult, type TaxInvoicesRequest } from '../../../lib/protocol/tax-invoices.ts';
import { checkTaxInvoice } from '../../../lib/sign/tax-invoice/check.ts';
import type { Approval } from '../../../lib/wallet/approval.ts';
import { REQUESTS_KEY } from '../../../lib/wallet/requests.ts';
import { codeOf } from '../../support/npki-fixtures.ts';
import { INVOICE, INVOICE_OF_JDK } from '../../support/tax-invoice.ts';
import { PASSWORD, Profile, walletWith } from './profile.ts';
import { asker } from './support.ts';

const SHOP = asker('shop document');
const OTHER = INVOICE.replace('202601051234567800000001', '202601051234567800000002').replace('받는곳', '다른곳');

let profile: Profile;

beforeEach(() => {
  profile = new Profile();
});

/** A document asks; gives our window for it. */
async function ask(payload: TaxInvoicesRequest): Promise<Approval> {
  const pageId = crypto.randomUUID();
  profile.documents.set(SHOP.documentId, new Set([pageId]));
  await profile.background.page['page.open'](SHOP, { id: pageId, action: 'signTaxInvoices', payload });
  const request = (await profile.background.requests.list()).find((one) => one.pageId === pageId);
  return profile.approval(request?.id ?? '');
}

const results = (): unknown[] => profile.delivered.flatMap(({ result }) => (result === undefined ? [] : [result]));

async function offered(approval: Approval): Promise<string> {
  return (await approval.offers()).find(({ reason }) => reason === null)?.row.id ?? '';
}

describe('tax invoices that a page wants to have signed', () => {
  it('are shown, signed all with one approval, and go back in their order', async () => {
    await walletWith(profile, 'business-etax');
    const approval = await ask({ invoices: [INVOICE, OTHER] });
    await approval.request();
    expect((await approval.invoices()).map(({ receiver, totalAmount }) => [receiver.name, totalAmount])).toEqual([
      ['받는곳', 1_100_000],
      ['다른곳', 1_100_000],
    ]);
    await approval.approve(await offered(approval), PASSWORD);
    const { invoices } = readTaxInvoicesResult(results()[0]);
    const checked = await Promise.all(invoices.map(checkTaxInvoice));
    expect(checked.map(({ facts }) => facts.receiver.name)).toEqual(['받는곳', '다른곳']);
    await profile.background.ports.history.flush();
    const { rows } = await profile.wallet().history.read();
    expect(rows[0]).toMatchObject({ act: 'tax-invoices', origin: SHOP.origin, result: 'done', released: ['certificate'] });
    expect(rows[0]?.documents.map(({ title, size }) => [title, size])).toEqual([
      ['202601051234567800000001', utf8(INVOICE).length],
      ['202601051234567800000002', utf8(OTHER).length],
    ]);
  });

  it.each([
    ['no invoice at all', '<a/>'],
    ['one that is signed already', INVOICE_OF_JDK],
    ['sums that do not agree', INVOICE.replace('>1100000<', '>1100001<')],
    ['a DOCTYPE', INVOICE.replace('<TaxInvoice ', '<!DOCTYPE TaxInvoice><TaxInvoice ')],
  ])('are refused before any window opens, with %s among them', async (_, wrong) => {
    await walletWith(profile, 'business-etax');
    expect(await codeOf(() => ask({ invoices: [INVOICE, wrong] }))).toBe('request.malformed');
    expect(await profile.background.requests.list()).toEqual([]);
  });

  it.each([
    ['a personal bank certificate', 'personal-bank-sha1seed'],
    ['a personal general one', 'kica-personal'],
  ])('are not signed with %s, not even by a window that says so', async (_, id) => {
    await walletWith(profile, id);
    const approval = await ask({ invoices: [INVOICE] });
    await approval.request();
    const [offer] = await approval.offers();
    expect(offer).toMatchObject({ reason: 'etax.wrong-kind', doubtful: false });
    expect(await codeOf(() => approval.approve(offer?.row.id ?? '', PASSWORD))).toBe('etax.wrong-kind');
    expect(results()).toEqual([]);
  });

  it('[C22] are not signed where one was changed after it was shown', async () => {
    await walletWith(profile, 'business-etax');
    const approval = await ask({ invoices: [INVOICE, OTHER] });
    await approval.request();
    const id = await offered(approval);
    const stored = profile.session.texts.get(REQUESTS_KEY) ?? '';
    profile.session.texts.set(REQUESTS_KEY, stored.replace('다른곳', '낯선곳'));
    expect(await codeOf(() => approval.approve(id, PASSWORD))).toBe('request.forbidden');
    expect(results()).toEqual([]);
  });
});
