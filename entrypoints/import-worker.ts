import { defineUnlistedScript } from 'wxt/utils/define-unlisted-script';
import { errorCode, WalletError } from '../lib/errors.ts';
import type { FilesAnswer, FilesCall } from '../lib/platform/files-worker.ts';
import { FilesBench } from '../lib/wallet/files-bench.ts';

export default defineUnlistedScript(() => {
  const bench = new FilesBench();

  async function serve(message: FilesCall): Promise<FilesAnswer> {
    try {
      const value = message.call === 'find' ? await bench.find(message.files) : await bench.open(message.key, message.role, message.password);
      return { ok: true, value };
    } catch (thrown) {
      return { ok: false, code: errorCode(thrown), detail: thrown instanceof WalletError ? (thrown.detail ?? null) : null };
    }
  }

  self.onmessage = ({ data }: MessageEvent<FilesCall>): void => {
    void serve(data).then((answer) => {
      self.postMessage(answer);
    });
  };
});
