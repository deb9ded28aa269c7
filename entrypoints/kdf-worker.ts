import { defineUnlistedScript } from 'wxt/utils/define-unlisted-script';
import '../lib/platform/kdf-worker.ts';

export default defineUnlistedScript(() => undefined);
