import { defineUnlistedScript } from 'wxt/utils/define-unlisted-script';
import { wipe } from '../lib/bytes/bytes.ts';
import { errorCode, WalletError } from '../lib/errors.ts';
import type { FilesAnswer, FilesCall } from '../lib/platform/files-worker.ts';
import { findInFiles, openSealed, openSealedContainer } from '../lib/wallet/files-bench.ts';

export default defineUnlistedScript(() => {
  /** Posting copies, so what was opened is wiped here as soon as it has left. */
  async function serve(message: FilesCall): Promise<void> {
    switch (message.call) {
      case 'find':
        answer({ ok: true, value: await findInFiles(message.files) });
        return;
      case 'open': {
        const value = await openSealed(message.sealed, message.role, message.password);
        answer({ ok: true, value });
        wipe(value.privateKeyInfo);
        return;
      }
      case 'openContainer': {
        const value = await openSealedContainer(message.sealed, message.password);
        answer({ ok: true, value });
        wipe(...value.flatMap(({ sign, km }) => [sign?.privateKeyInfo, km?.privateKeyInfo]));
      }
    }
  }

  function answer(message: FilesAnswer): void {
    self.postMessage(message);
  }

  self.onmessage = ({ data }: MessageEvent<FilesCall>): void => {
    serve(data).catch((thrown: unknown) => {
      answer({ ok: false, code: errorCode(thrown), detail: thrown instanceof WalletError ? (thrown.detail ?? null) : null });
    });
  };
});
