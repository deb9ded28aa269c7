/**
 * What a report of a fault needs, and nothing that tells who its owner is: versions, states, codes and counts. No name,
 * serial, site, id or address of anything goes into it.
 */
import { errorCode } from '../errors.ts';
import type { BackupApi, CopyState, RecoveryApi } from './keeping-api.ts';
import type { WalletStatus } from './model.ts';
import type { NoticesApi } from './notices-api.ts';
import type { SyncApi } from './sync-api.ts';
import type { WaysApi } from './ways-api.ts';

export interface DiagnosisPorts {
  /** Version of the extension. */
  readonly app: string;
  /** The browser as it names itself to every server. */
  readonly browser: string;
  readonly status: () => Promise<WalletStatus>;
  readonly recovery: Pick<RecoveryApi, 'report'>;
  readonly ways: Pick<WaysApi, 'list'>;
  readonly notices: Pick<NoticesApi, 'settings'>;
  readonly backup: Pick<BackupApi, 'status'>;
  readonly sync: Pick<SyncApi, 'status'>;
}

type Fact = readonly [name: string, value: string];
type Values = Readonly<Record<string, string | number | boolean | null>>;

function fact(name: string, values: Values): Fact {
  return [
    name,
    Object.entries(values)
      .map(([key, value]) => `${key} ${String(value ?? 'none')}`)
      .join(', '),
  ];
}

/** A part that does not answer is a finding too. */
async function facts(name: string, ask: () => Promise<readonly Fact[]>): Promise<readonly Fact[]> {
  try {
    return await ask();
  } catch (thrown) {
    return [[name, errorCode(thrown)]];
  }
}

function ofCopy({ name, trace, code, states, unread }: CopyState): Fact {
  const [newest] = states;
  return fact(name, { trace, code, states: states.length, unread, certificates: newest?.count ?? null, missing: newest?.missing ?? null });
}

function ofWays({ passkeys, sheet, lockMinutes, support }: Awaited<ReturnType<WaysApi['list']>>): Fact {
  return fact('ways in', { passkeys: passkeys.length, support, code: sheet !== null, 'locks after minutes': lockMinutes });
}

/** Lines of `name: values`. Does not throw. */
export async function diagnosis({ app, browser, status, recovery, ways, notices, backup, sync }: DiagnosisPorts): Promise<string> {
  const parts = await Promise.all([
    facts('wallet', async () => {
      const { state, count, notice } = await status();
      return [fact('wallet', { state, certificates: count, notice })];
    }),
    facts('copies', async () => (await recovery.report()).copies.map(ofCopy)),
    facts('ways in', async () => [ofWays(await ways.list())]),
    facts('notices', async () => [fact('notices', { ...(await notices.settings()) })]),
    facts('backup', async () => {
      const { rule, days, changes, due } = await backup.status();
      return [fact('backup', { rule, 'days ago': days, changes, due })];
    }),
    facts('sync copy', async () => {
      const { on, items, current, trouble } = await sync.status();
      return [fact('sync copy', { on, certificates: items.length, current, trouble })];
    }),
  ]);
  const all: readonly Fact[] = [['Dojang', app], ['browser', browser], ...parts.flat()];
  return all.map(([name, value]) => `${name}: ${value}\n`).join('');
}
