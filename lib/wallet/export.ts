/** One export: open the chosen keys with the wallet password, write the files, prove them, hand them over. */
import { wipe } from '../bytes/bytes.ts';
import { WalletError } from '../errors.ts';
import { exportIdentities, type ExportIdentity } from '../npki/export-files.ts';
import { filePasswordProblems } from '../npki/file-password.ts';
import { holderName } from '../npki/holder.ts';
import { normalizePassword } from '../vault/password.ts';
import { openItem } from '../vault/vault.ts';
import type { VaultStore } from '../vault/store.ts';
import type { ExportOrder, Running } from './api.ts';
import type { Door } from './door.ts';
import { proveCertificates, proveKeys, wipeFiles } from './export-proof.ts';
import type { ExportedIdentity, ExportResult } from './model.ts';
import { openIdentityOf, presentItem, wipeIdentities } from './open-items.ts';
import { goOn, paced } from './pace.ts';
import type { Clock, FilesWorker, Random } from './ports.ts';
import { carriesRandom } from './rows.ts';

export interface ExportPorts {
  readonly store: VaultStore;
  readonly door: Door;
  readonly random: Random;
  readonly clock: Clock;
  readonly pause: () => Promise<void>;
  readonly startFilesWorker: () => FilesWorker;
}

/** An identity that was opened, and what the result says of it. */
interface Opened {
  readonly identity: ExportIdentity;
  readonly about: ExportedIdentity;
}

function checkOrder({ ids, form, filePassword }: ExportOrder): void {
  if (ids.length === 0) throw new WalletError('certificate.none');
  const broken = form === 'certificate' ? [] : filePasswordProblems(filePassword);
  if (broken.length > 0) throw new WalletError('password.weak', { detail: broken.join(' ') });
}

/** Opens the keys under the wallet password. The caller wipes them. */
async function openChosen({ ids, withKm, walletPassword }: ExportOrder, { signal }: Running, ports: ExportPorts): Promise<readonly Opened[]> {
  const { store, door, pause } = ports;
  const { head, slot } = await door.openSlot(walletPassword);
  const opened: Opened[] = [];
  try {
    for (const id of new Set(ids)) {
      goOn(signal);
      const item = presentItem(await openItem(store, head, slot.listKey, id));
      const identity = await openIdentityOf(head, slot, item, { withKm });
      const { certificate } = identity.sign ?? {};
      if (!certificate) throw new WalletError('certificate.not-found');
      const holder = holderName(certificate.subject, certificate.identity);
      opened.push({ identity, about: { id, holder, hasRandom: carriesRandom(item), hasKm: identity.km !== null } });
      await pause();
    }
    return opened;
  } catch (thrown) {
    wipeIdentities(opened.map(({ identity }) => identity));
    throw thrown;
  } finally {
    wipe(slot.listKey, slot.signingKey);
  }
}

/**
 * Throws as `WalletApi.exportFiles`. Progress counts each identity twice: when it was written, and when it was read back.
 */
export async function exportFiles(order: ExportOrder, running: Running, ports: ExportPorts): Promise<ExportResult> {
  checkOrder(order);
  const { form, filePassword: password, walletPassword } = order;
  const { signal, onProgress } = running;
  const { random, pause, clock } = ports;
  const opened = await openChosen(order, running, ports);
  const identities = opened.map(({ identity }) => identity);
  const tell = paced(onProgress, clock);
  let done = 0;
  const step = (): void => tell({ done: ++done, total: 2 * identities.length });
  const worker = ports.startFilesWorker();
  const stop = (): void => worker.stop();
  signal.addEventListener('abort', stop);
  try {
    const onIdentity = async (): Promise<void> => {
      await pause();
      goOn(signal);
    };
    const { files, name } = await exportIdentities(identities, form, password, { random, onIdentity, onWritten: step });
    try {
      const proof = { form, identities, files, worker, signal, onProven: step };
      await (form === 'certificate' ? proveCertificates(proof) : proveKeys({ ...proof, password }));
      goOn(signal);
    } catch (thrown) {
      wipeFiles(files);
      throw thrown;
    }
    const samePassword = form !== 'certificate' && normalizePassword(password) === normalizePassword(walletPassword);
    return { files, name, identities: opened.map(({ about }) => about), samePassword };
  } catch (thrown) {
    throw signal.aborted ? new WalletError('user.cancelled') : thrown;
  } finally {
    signal.removeEventListener('abort', stop);
    worker.stop();
    wipeIdentities(identities);
  }
}
