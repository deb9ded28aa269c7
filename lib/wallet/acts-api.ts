/** What the approval window may ask where a page wants a certificate issued, renewed or revoked. */
import type { Offer } from './api.ts';
import type { AuthorityRow, HeldKeys, LifecycleApi, LifecycleRun } from './lifecycle-api.ts';
import type { ActSecret } from './ways-api.ts';

export interface ActsApi {
  readonly lifecycle: LifecycleApi;
  /** The authority that the page named; null where the directory does not have it, or the page named none. */
  authority(): Promise<AuthorityRow | null>;
  /** Certificates of the open wallet that the page can mean, whose authority can be asked; the one that ends first comes first. @throws `vault.locked` */
  candidates(): Promise<readonly Offer[]>;
  /**
   * Opens the wallet, and gives what stands for the secret in the act that follows: once, whatever becomes of it. Throws as
   * `LifecycleApi.issue` of the secret.
   */
  open(secret: ActSecret): Promise<HeldKeys>;
  /**
   * Tells the page what a run came to, which closes the window. An end that was seen here is taken away with it.
   * @throws `request.gone`
   */
  tell(run: LifecycleRun): Promise<void>;
}
