import { beforeEach, describe, expect, it } from 'vitest';
import { readHead } from '../../../lib/vault/head.ts';
import { cleanLabels, LABEL_MOST, readLabels, withLabels } from '../../../lib/wallet/labels.ts';
import type { PickedFile } from '../../../lib/wallet/api.ts';
import type { CertificateRow, Labels } from '../../../lib/wallet/model.ts';
import type { Wallet } from '../../../lib/wallet/wallet.ts';
import { codeOf, fixture } from '../../support/npki-fixtures.ts';
import { PASSWORD, Profile, quietly, walletWith, folderOf } from './profile.ts';

const IDS = ['personal-bank-sha1seed', 'business-etax'].map((id) => fixture(id).id);
const NONE: Labels = { nickname: '', group: '', note: '' };
const CLIENT: Labels = { nickname: '대표 인증서', group: '한빛상사', note: '매월 10일 신고\n담당: 경리팀' };

let profile: Profile;
let wallet: Wallet;

beforeEach(async () => {
  profile = new Profile();
  wallet = await walletWith(profile, ...IDS);
});

const rowOf = async (id: string, from: Wallet = wallet): Promise<CertificateRow | undefined> => (await from.rows()).find((row) => row.id === id);

async function firstRow(): Promise<CertificateRow> {
  const [row] = await wallet.rows();
  if (!row) throw new Error('no row');
  return row;
}

describe('labels of certificates', () => {
  it('are none at first, and stay with the certificate in every window and after a lock', async () => {
    const { id, labels } = await firstRow();
    expect(labels).toEqual(NONE);
    await wallet.label([{ id, seen: NONE, labels: CLIENT }]);
    expect(await rowOf(id, profile.wallet())).toMatchObject({ labels: CLIENT });
    await wallet.lock();
    await wallet.unlock(PASSWORD);
    expect(await rowOf(id)).toMatchObject({ labels: CLIENT });
    expect(await wallet.details(id)).toMatchObject({ labels: CLIENT });
  });

  it('need an open wallet and no password', async () => {
    const { id } = await firstRow();
    await wallet.lock();
    expect(await codeOf(() => wallet.label([{ id, seen: NONE, labels: CLIENT }]))).toBe('vault.locked');
  });

  it('stand sealed in the record: no store holds a word of them', async () => {
    const { id } = await firstRow();
    await wallet.label([{ id, seen: NONE, labels: { ...NONE, note: 'telephone 02-000-1234' } }]);
    const kept = [...profile.local.texts.values()].map(String).join('\n');
    expect(kept).not.toContain('02-000-1234');
    expect(kept).not.toContain(Buffer.from('02-000-1234').toString('base64url').slice(0, -2));
  });

  it('leave the private key, the end date and everything else of the record as it was', async () => {
    const entryOf = async (id: string): Promise<number | undefined> => {
      const [newest = ''] = await profile.store().heads();
      return (await readHead(newest)).items.find((item) => item.id === id)?.na;
    };
    const before = await firstRow();
    const end = await entryOf(before.id);
    await wallet.label([{ id: before.id, seen: NONE, labels: CLIENT }]);
    expect(await firstRow()).toEqual({ ...before, labels: CLIENT });
    expect(await entryOf(before.id)).toBe(end);
    const order = { ids: [before.id], form: 'pem', withKm: true, filePassword: 'File#word2026', walletPassword: PASSWORD } as const;
    expect((await wallet.exportFiles(order, quietly())).identities).toMatchObject([{ id: before.id, hasRandom: before.hasRandom }]);
  });

  it('go to many certificates in one save', async () => {
    const rows = await wallet.rows();
    const before = (await readHead((await profile.store().heads())[0] ?? '')).gen;
    await wallet.label(rows.map(({ id, labels }) => ({ id, seen: labels, labels: { ...labels, group: '한빛상사' } })));
    expect((await wallet.rows()).map(({ labels }) => labels.group)).toEqual(['한빛상사', '한빛상사']);
    expect((await readHead((await profile.store().heads())[0] ?? '')).gen).toBe(before + 1);
  });

  it('of all or none: one that another window changed keeps the others as they were', async () => {
    const rows = await wallet.rows();
    const [first, second] = rows.map(({ id }) => id);
    await profile.wallet().label([{ id: second ?? '', seen: NONE, labels: CLIENT }]);
    const changes = rows.map(({ id }) => ({ id, seen: NONE, labels: { ...NONE, group: '다른 거래처' } }));
    expect(await codeOf(() => wallet.label(changes))).toBe('vault.conflict');
    expect(await rowOf(first ?? '')).toMatchObject({ labels: NONE });
    expect(await rowOf(second ?? '')).toMatchObject({ labels: CLIENT });
  });

  it('that two windows write at once are lost by neither: the second hears of it, sees the first, and can write over it', async () => {
    const { id } = await firstRow();
    const [one, other] = [profile.wallet(), profile.wallet()];
    await one.label([{ id, seen: NONE, labels: CLIENT }]);
    const mine = { ...NONE, note: '다른 메모' };
    expect(await codeOf(() => other.label([{ id, seen: NONE, labels: mine }]))).toBe('vault.conflict');
    const theirs = (await rowOf(id, other))?.labels ?? NONE;
    expect(theirs).toEqual(CLIENT);
    await other.label([{ id, seen: theirs, labels: mine }]);
    expect(await rowOf(id, one)).toMatchObject({ labels: mine });
  });

  it('are no conflict where both windows wrote the same, or something else changed meanwhile', async () => {
    const { id } = await firstRow();
    await profile.wallet().label([{ id, seen: NONE, labels: CLIENT }]);
    await wallet.label([{ id, seen: NONE, labels: CLIENT }]);
    await profile.wallet().backup.setRule('week');
    await wallet.label([{ id, seen: CLIENT, labels: NONE }]);
    expect(await rowOf(id)).toMatchObject({ labels: NONE });
  });

  it('are refused for a certificate in the wastebasket, which keeps its own', async () => {
    const { id } = await firstRow();
    await wallet.label([{ id, seen: NONE, labels: CLIENT }]);
    await wallet.basket.move([id]);
    expect(await codeOf(() => wallet.label([{ id, seen: CLIENT, labels: NONE }]))).toBe('certificate.not-found');
    await wallet.basket.putBack([id]);
    expect(await rowOf(id)).toMatchObject({ labels: CLIENT });
  });

  it('stay when a better copy of the certificate completes its record', async () => {
    const { id } = fixture(IDS[0] ?? '');
    const profile = new Profile();
    const wallet = await walletWith(profile);
    const take = async (files: readonly PickedFile[]): Promise<void> => {
      const session = await wallet.inspect(files, quietly());
      await session.tryPassword(fixture(id).password);
      await session.store(
        session.candidates.map(({ key }) => key),
        PASSWORD,
      );
    };
    await take(folderOf(fixture(id)).filter(({ path }) => !path.includes('/km')));
    const [row] = await wallet.rows();
    await wallet.label([{ id: row?.id ?? '', seen: NONE, labels: CLIENT }]);
    await take(folderOf(fixture(id)));
    expect(await wallet.rows()).toMatchObject([{ id: row?.id, hasKm: true, labels: CLIENT }]);
  });

  it('come back from a backup file into another wallet', async () => {
    const { id, fingerprint } = await firstRow();
    await wallet.label([{ id, seen: NONE, labels: CLIENT }]);
    const { bytes } = await wallet.backup.make();
    const other = await walletWith(new Profile());
    const session = await other.restore.open(new Blob([bytes]), PASSWORD);
    await session.restore(
      session.rows.map((row) => row.id),
      PASSWORD,
    );
    expect((await other.rows()).find((row) => row.fingerprint === fingerprint)).toMatchObject({ labels: CLIENT });
  });
});

describe('the text of labels', () => {
  it.each([
    ['blanks around it', { nickname: '  사장님 ', group: '', note: '\n 둘째 줄 \n\n' }, { nickname: '사장님', group: '', note: '둘째 줄' }],
    ['lines in a name', { nickname: '한\n줄', group: 'a\tb', note: '' }, { nickname: '한줄', group: 'ab', note: '' }],
    ['lines of every system', { nickname: '', group: '', note: 'a\r\nb\rc\nd' }, { nickname: '', group: '', note: 'a\nb\nc\nd' }],
    ['letters in parts', { nickname: '\u1112\u1169\u11bc', group: '', note: '' }, { nickname: '홍', group: '', note: '' }],
    ['what turns the reading direction', { nickname: '', group: 'A\u202eB', note: '\u2066C' }, { nickname: '', group: 'AB', note: 'C' }],
    ['a family of one sign', { nickname: '👨‍👩‍👧', group: '', note: '' }, { nickname: '👨‍👩‍👧', group: '', note: '' }],
  ])('is kept without %s', (_what, typed, kept) => {
    expect(cleanLabels(typed)).toEqual(kept);
    expect(readLabels(withLabels({}, kept))).toEqual(kept);
  });

  it.each(['nickname', 'group', 'note'] as const)('is refused where its %s is too long', async (name) => {
    const most = 'ㄱ'.repeat(LABEL_MOST[name]);
    expect(cleanLabels({ ...NONE, [name]: most })[name]).toBe(most);
    expect(await codeOf(() => cleanLabels({ ...NONE, [name]: `${most}ㄱ` }))).toBe('request.malformed');
  });

  it.each([
    ['a number', 7],
    ['too much', 'x'.repeat(1000)],
    ['a line break', 'a\nb'],
    ['nothing', undefined],
  ])('is read as none where the record says %s', (_what, group) => {
    expect(readLabels({ group, importedAt: 1 })).toEqual(NONE);
  });

  it('leaves what else the record says, and takes no room where it is empty', () => {
    expect(withLabels({ importedAt: 1, group: 'A', random: true }, { ...NONE, note: 'B' })).toEqual({ importedAt: 1, random: true, note: 'B' });
  });
});
