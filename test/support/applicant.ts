/** Somebody who applies at the demo authority by CMP, message by message, with nothing of a client's judgement. */
import * as der from '../../lib/asn1/writer.ts';
import { TAG } from '../../lib/asn1/tags.ts';
import type { Bytes } from '../../lib/bytes/bytes.ts';
import { utf8 } from '../../lib/bytes/text.ts';
import type { BodyType } from '../../lib/cmp/body-types.ts';
import { writeCertificateRequest } from '../../lib/cmp/certificate-request.ts';
import { readCertificateResponses, type CertificateResponse } from '../../lib/cmp/certificate-response.ts';
import { writeConfirmations } from '../../lib/cmp/confirmation.ts';
import { encryptedVidAttribute, writeEncryptedVid } from '../../lib/cmp/encrypted-vid.ts';
import { readErrorMessage } from '../../lib/cmp/error-message.ts';
import { NULL_NAME, type HeaderFields } from '../../lib/cmp/header.ts';
import { macProtector, type MacWay } from '../../lib/cmp/mac.ts';
import { readMessage, writeMessage, type Message, type Protector } from '../../lib/cmp/message.ts';
import { proveByMac, proveByRequest, SHA256_WITH_RSA } from '../../lib/cmp/possession.ts';
import { OID } from '../../lib/npki/oids.ts';
import { readCertificate, type Certificate } from '../../lib/npki/certificate.ts';
import { makeKeyPair, type KeyPair } from '../../demo/issue.ts';

export const random = (length: number): Bytes => crypto.getRandomValues(new Uint8Array(length));

export interface Identity {
  readonly certificate: Certificate;
  readonly keys: KeyPair;
}

/** How messages are protected: by a number and its code, or by a certificate of ours. */
export type Credentials = { readonly reference: string; readonly code: string; readonly way?: MacWay } | Identity;

export interface Wanted {
  readonly requestId: number;
  readonly kind: 'sign' | 'km';
  readonly keys: KeyPair;
  /** What goes wrong with the proof, for tests of refusals. */
  readonly proof?: 'mac' | 'request' | 'other-key' | 'other-code';
  readonly subject?: Bytes;
  readonly old?: Certificate;
  readonly vid?: { readonly idNumber: string; readonly random: Bytes; readonly recipient: Certificate };
}

const USAGE = { sign: Uint8Array.of(0x03, 0x02, 0x06, 0xc0), km: Uint8Array.of(0x03, 0x02, 0x05, 0x20) };

function usageExtension(kind: 'sign' | 'km'): Bytes {
  return der.sequence(der.objectIdentifier(OID.keyUsage), der.boolean(true), der.octetString(USAGE[kind]));
}

export function pair(keys: KeyPair[], kinds: readonly ('sign' | 'km')[] = ['sign', 'km']): Wanted[] {
  return kinds.map((kind, requestId) => ({ requestId, kind, keys: keys[requestId]! }));
}

export const twoKeys = (): Promise<KeyPair[]> => Promise.all([makeKeyPair(), makeKeyPair()]);

export class Applicant {
  readonly #url: string;
  readonly #recipient: Certificate;
  readonly #credentials: Credentials;
  readonly transactionId = random(16);
  #heard: Bytes | null = null;

  constructor(url: string, recipient: Bytes, credentials: Credentials) {
    this.#url = url;
    this.#recipient = readCertificate(recipient);
    this.#credentials = credentials;
  }

  /** The same applicant in a new transaction. */
  again(): Applicant {
    return new Applicant(this.#url, this.#recipient.der, this.#credentials);
  }

  #mac(code?: string): Protector {
    const given = this.#credentials;
    if (!('code' in given)) throw new Error('no code');
    return macProtector(given.way ?? 'pbm', { secret: utf8(code ?? given.code), salt: random(16), iterations: 500 });
  }

  async #proof(one: Wanted, request: Bytes): Promise<Bytes> {
    const { keys, proof = 'code' in this.#credentials && one.subject === undefined ? 'mac' : 'request' } = one;
    if (proof === 'request') return proveByRequest(request, keys.sign);
    if (proof === 'mac') return proveByMac(keys.spki, keys.sign, macProtector('pbm', { secret: this.#secret(), salt: random(16), iterations: 500 }));
    if (proof === 'other-code') return proveByMac(keys.spki, keys.sign, this.#mac('another code'));
    return proveByMac(keys.spki, (await makeKeyPair()).sign, this.#mac());
  }

  #secret(): Bytes {
    return 'code' in this.#credentials ? utf8(this.#credentials.code) : new Uint8Array();
  }

  async #request(one: Wanted): Promise<Bytes> {
    const { requestId, kind, keys, subject, old, vid } = one;
    const template = { spki: keys.spki, extensions: [usageExtension(kind)], ...(subject === undefined ? {} : { subject }) };
    const request = writeCertificateRequest(requestId, template, old && { issuer: old.issuer.der, serial: old.serial });
    const encrypted = vid && (await writeEncryptedVid({ ...vid, certificate: vid.recipient }, random));
    const info = encrypted === undefined ? [] : [der.sequence(encryptedVidAttribute(encrypted))];
    return der.sequence(request, await this.#proof(one, request), ...info);
  }

  /** The octets of a message with new nonces. */
  async write(type: BodyType, body: Bytes, more: Partial<HeaderFields> = {}): Promise<Bytes> {
    const given = this.#credentials;
    const byCode = 'code' in given;
    const senderKeyId = byCode ? utf8(given.reference) : given.certificate.subjectKeyId!;
    return writeMessage({
      header: {
        sender: byCode ? NULL_NAME : given.certificate.subject.der,
        recipient: this.#recipient.subject.der,
        senderKeyId,
        transactionId: this.transactionId,
        senderNonce: random(16),
        ...(this.#heard === null ? {} : { recipientNonce: this.#heard }),
        ...more,
      },
      type,
      body,
      protector: byCode ? this.#mac() : { algorithm: SHA256_WITH_RSA, protect: given.keys.sign },
      extraCerts: byCode ? [] : [given.certificate.der],
    });
  }

  async writeApplication(type: 'ir' | 'cr' | 'kur', wanted: readonly Wanted[]): Promise<Bytes> {
    return this.write(type, der.sequence(...(await Promise.all(wanted.map((one) => this.#request(one))))));
  }

  /** Sends octets and reads the answer; its nonce is the one that the next message names. */
  async post(octets: Bytes): Promise<Message> {
    const message = readMessage(await this.postRaw(octets));
    this.#heard = message.header.senderNonce;
    return message;
  }

  async postRaw(octets: Bytes): Promise<Bytes> {
    const response = await fetch(`${this.#url}/.well-known/cmp`, {
      method: 'POST',
      headers: { 'content-type': 'application/pkixcmp' },
      body: octets,
    });
    return new Uint8Array(await response.arrayBuffer());
  }

  async apply(type: 'ir' | 'cr' | 'kur', wanted: readonly Wanted[]): Promise<Message> {
    return this.post(await this.writeApplication(type, wanted));
  }

  /** certConf for what was given; `except` is told to be rejected. */
  async writeConfirmation(given: readonly CertificateResponse[], except: readonly number[] = []): Promise<Bytes> {
    const confirmations = given.map(async ({ requestId, certificate }) => {
      const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', certificate ?? new Uint8Array()));
      return { requestId, hash, ...(except.includes(requestId) ? { status: { status: 'rejection' as const } } : {}) };
    });
    return this.write('certConf', writeConfirmations(await Promise.all(confirmations)));
  }
}

/** What an ip, cp or kup gives. */
export function given({ body }: Message): readonly CertificateResponse[] {
  return readCertificateResponses(body.content).responses;
}

/** `error badPOP` of an error message; the type of any other. */
export function outcome({ body }: Message): string {
  return body.type === 'error' ? ['error', ...readErrorMessage(body.content).failures].join(' ') : body.type;
}

/** An error of the client. */
export const gaveUp: Bytes = der.sequence(der.sequence(der.element(TAG.INTEGER, Uint8Array.of(2))));
