/**
 * Passkeys through the browser, asked for in a page of the extension that has the focus. Only Chromium: there the
 * relying party is the extension's own origin. Firefox wants the host of a site, whose owner could ask for the same
 * secrets. Everything that comes back is octets for `lib/vault/passkey.ts` to check.
 */
import { toBase64Url } from '../bytes/base64.ts';
import { copy, type Bytes } from '../bytes/bytes.ts';
import { WalletError, type ErrorCode } from '../errors.ts';
import type { AllowedPasskey, NewPasskeyAnswer, PasskeyAnswer, Passkeys } from '../vault/passkey-port.ts';

/** Whether passkeys can open the wallet here; `browser` and `prf` say what is missing. */
export type PasskeySupport = 'ready' | 'browser' | 'prf';

const OWN_ORIGIN = 'chrome-extension://';
const RP_NAME = 'Dojang';
const TIMEOUT_MS = 120_000;
/** ES256, EdDSA, RS256 in the order of COSE's numbers. */
const ALGORITHMS = [-7, -8, -257] as const;

type CapabilityReader = { getClientCapabilities?: () => Promise<Readonly<Record<string, boolean>>> };

/** Says beforehand whether it makes sense to offer a passkey. An authenticator may still lack the PRF. */
export async function passkeySupport(origin = location.origin, scope: { PublicKeyCredential?: unknown } = globalThis): Promise<PasskeySupport> {
  const credential = scope.PublicKeyCredential;
  if (!origin.startsWith(OWN_ORIGIN) || typeof credential !== 'function') return 'browser';
  try {
    const capabilities = await (credential as CapabilityReader).getClientCapabilities?.();
    return capabilities?.['extension:prf'] === false ? 'prf' : 'ready';
  } catch {
    return 'ready'; // It does not say; asking will tell.
  }
}

/** The browser's word for what went wrong. `NotAllowedError` is also what a deleted passkey and a timeout look like. */
const CODES: ReadonlyMap<string, ErrorCode> = new Map([
  ['NotAllowedError', 'user.cancelled'],
  ['AbortError', 'user.cancelled'],
  ['InvalidStateError', 'passkey.exists'],
  ['NotSupportedError', 'passkey.unsupported'],
  ['SecurityError', 'passkey.unsupported'],
  ['ConstraintError', 'passkey.unsupported'],
]);

async function asking<Value>(act: () => Promise<Value>): Promise<Value> {
  try {
    return await act();
  } catch (thrown) {
    if (thrown instanceof WalletError) throw thrown;
    const name = thrown instanceof Error || thrown instanceof DOMException ? thrown.name : 'unknown';
    throw new WalletError(CODES.get(name) ?? 'passkey.refused', { detail: name, cause: thrown });
  }
}

/** The octets of what a browser gives as buffer or view; null for anything else. */
function octetsOf(value: unknown): Bytes | null {
  if (value instanceof ArrayBuffer) return new Uint8Array(value.slice(0));
  return ArrayBuffer.isView(value) ? copy(new Uint8Array(value.buffer, value.byteOffset, value.byteLength)) : null;
}

function needed(value: unknown, name: string): Bytes {
  const octets = octetsOf(value);
  if (!octets) throw new WalletError('passkey.refused', { detail: name });
  return octets;
}

function descriptor({ id, transports }: Pick<AllowedPasskey, 'id' | 'transports'>): PublicKeyCredentialDescriptor {
  return { type: 'public-key', id, transports: transports as AuthenticatorTransport[] };
}

/** What both answers share; the classes of the browser are not asked for, so that a page of another realm cannot matter. */
function readCredential(credential: Credential | null): PublicKeyCredential {
  if (credential?.type !== 'public-key') throw new WalletError('passkey.refused', { detail: 'credential' });
  return credential as PublicKeyCredential;
}

function readNew(credential: PublicKeyCredential): NewPasskeyAnswer {
  const response = credential.response as AuthenticatorAttestationResponse;
  const transports: unknown = typeof response.getTransports === 'function' ? response.getTransports() : [];
  return {
    id: needed(credential.rawId, 'id'),
    clientData: needed(response.clientDataJSON, 'client data'),
    attestationObject: needed(response.attestationObject, 'attestation'),
    transports: Array.isArray(transports) ? transports.filter((name) => typeof name === 'string') : [],
    prf: credential.getClientExtensionResults().prf?.enabled === true,
  };
}

function readAnswer(credential: PublicKeyCredential): PasskeyAnswer {
  const response = credential.response as AuthenticatorAssertionResponse;
  const results = credential.getClientExtensionResults().prf?.results;
  return {
    id: needed(credential.rawId, 'id'),
    clientData: needed(response.clientDataJSON, 'client data'),
    authenticatorData: needed(response.authenticatorData, 'authenticator data'),
    signature: needed(response.signature, 'signature'),
    first: octetsOf(results?.first),
    second: octetsOf(results?.second),
  };
}

/** Passkeys of this extension. @throws `passkey.unsupported` (detail `browser`) when asked where there are none */
export function browserPasskeys(origin = location.origin, container: () => CredentialsContainer = () => navigator.credentials): Passkeys {
  const checkPlace = (): void => {
    if (!origin.startsWith(OWN_ORIGIN)) throw new WalletError('passkey.unsupported', { detail: 'browser' });
  };
  return {
    origin,
    rp: '',
    create: ({ challenge, userId, name, exclude }) =>
      asking(async () => {
        checkPlace();
        const publicKey: PublicKeyCredentialCreationOptions = {
          challenge,
          rp: { name: RP_NAME },
          user: { id: userId, name, displayName: name },
          pubKeyCredParams: ALGORITHMS.map((alg) => ({ type: 'public-key', alg })),
          attestation: 'none',
          authenticatorSelection: { userVerification: 'required', residentKey: 'preferred' },
          excludeCredentials: exclude.map(descriptor),
          extensions: { prf: {} },
          timeout: TIMEOUT_MS,
        };
        return readNew(readCredential(await container().create({ publicKey })));
      }),
    ask: ({ challenge, allow }) =>
      asking(async () => {
        checkPlace();
        const evalByCredential = Object.fromEntries(allow.map(({ id, first, second }) => [toBase64Url(id), { first, second }]));
        const publicKey: PublicKeyCredentialRequestOptions = {
          challenge,
          allowCredentials: allow.map(descriptor),
          userVerification: 'required',
          extensions: { prf: { evalByCredential } },
          timeout: TIMEOUT_MS,
        };
        return readAnswer(readCredential(await container().get({ publicKey })));
      }),
  };
}
