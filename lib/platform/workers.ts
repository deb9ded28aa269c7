/** Starts the workers of this package. The page policy lets no text become a script address but through this one place. */
import { WalletError } from '../errors.ts';

const SCRIPTS = ['/kdf-worker.js', '/import-worker.js', '/qr-worker.js'] as const;
type Script = (typeof SCRIPTS)[number];

interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL: (address: string) => string }): { createScriptURL(address: string): unknown };
}

let policy: ReturnType<TrustedTypes['createPolicy']> | undefined;

function trusted(script: Script): string {
  const factory = (globalThis as { trustedTypes?: TrustedTypes }).trustedTypes;
  if (!factory) return script;
  policy ??= factory.createPolicy('dojang-worker', {
    createScriptURL(address) {
      if (!(SCRIPTS as readonly string[]).includes(address)) throw new WalletError('internal', { detail: address });
      return address;
    },
  });
  // The platform takes a TrustedScriptURL wherever its types say text.
  return policy.createScriptURL(script) as string;
}

export function startWorker(script: Script): Worker {
  return new Worker(trusted(script));
}
