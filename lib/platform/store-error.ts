/** What a browser's store says went wrong, as one of our codes. */
import { WalletError } from '../errors.ts';

export type Mode = 'read' | 'write';

function isFull(name: string, message: string): boolean {
  return name === 'QuotaExceededError' || /quota|no.?space|disk.?full/i.test(message);
}

export function storeError(thrown: unknown, mode: Mode): WalletError {
  if (thrown instanceof WalletError) return thrown;
  const { name, message } = thrown instanceof Error || thrown instanceof DOMException ? thrown : new Error('unknown');
  const context = { detail: name, cause: thrown };
  if (name === 'VersionError') return new WalletError('vault.newer-version', context);
  if (isFull(name, message)) return new WalletError('vault.full', context);
  return new WalletError(mode === 'write' ? 'vault.read-only' : 'vault.unavailable', context);
}
