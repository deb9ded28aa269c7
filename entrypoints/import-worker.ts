import { defineUnlistedScript } from 'wxt/utils/define-unlisted-script';
import { wipe } from '../lib/bytes/bytes.ts';
import { errorCode, WalletError } from '../lib/errors.ts';
import type { FilesAnswer, FilesCall } from '../lib/platform/files-worker.ts';
import { FilesBench } from '../lib/wallet/files-bench.ts';

export default defineUnlistedScript(() => {
  const bench = new FilesBench();

  /** Posting copies, so what was opened is wiped here as soon as it has left. */
  async function serve(message: FilesCall): Promise<void> {
    if (message.call === 'find') {
      answer({ ok: true, value: await bench.find(message.files) });
      return;
    }
    const value = await bench.open(message.key, message.role, message.password);
    answer({ ok: true, value });
    wipe(value.privateKeyInfo);
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
