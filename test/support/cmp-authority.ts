/**
 * An authority in memory that answers like a good one, or badly in one way. It reads requests and writes answers with the message
 * layer of lib/cmp; the checks under test are not used here.
 */
import * as der from '../../lib/asn1/writer.ts';
import { concat, copy, type Bytes } from '../../lib/bytes/bytes.ts';
import { utf8 } from '../../lib/bytes/text.ts';
import { MEDIA_TYPE, type HttpAnswer } from '../../lib/cmp/answer.ts';
import { readCertificateRequests } from '../../lib/cmp/certificate-request.ts';
import { writeCertificateResponses, type CertificateResponseFields } from '../../lib/cmp/certificate-response.ts';
import { readConfirmations, type Confirmation } from '../../lib/cmp/confirmation.ts';
import type { Adapter } from '../../lib/cmp/directory/entry.ts';
import type { Partner } from '../../lib/cmp/directory/partner.ts';
import type { HeaderFields } from '../../lib/cmp/header.ts';
import { macProtector, type MacWay } from '../../lib/cmp/mac.ts';
import { readMessage, writeMessage, type Message, type MessageFields, type Protector } from '../../lib/cmp/message.ts';
import { SHA256_WITH_RSA } from '../../lib/cmp/possession.ts';
import type { Status } from '../../lib/cmp/status.ts';
import { readCertificate, type Certificate } from '../../lib/npki/certificate.ts';
import { keyIdentifier, keyUsage, policies, authorityKeyId, subjectKeyId } from '../../demo/extensions.ts';
import { writeCertificate, writeExtension, writeName } from '../../demo/x509.ts';
import { OID } from '../../lib/npki/oids.ts';
import { BANK_POLICY, DAY, makeChain, makeKeys, NOW, signerOf, type TestChain } from './test-authority.ts';

export const REFERENCE = '10010001';
export const CODE = 'CODE1001abcdefghijkl';
export const SALT = Uint8Array.from({ length: 16 }, (_, at) => at);

export const ADAPTER: Adapter = {
  requests: 2,
  mac: 'pbm',
  macIterations: 100,
  vid: 'no',
  vidNumber: 'dummy',
  resend: true,
  signedAnswers: false,
  revokeMany: true,
  holds: true,
  stripHyphens: true,
  confirmGraceHours: 24,
};

/** What one test has the authority do otherwise. */
export interface Twist {
  /** Fields of the answer's header. */
  readonly header?: (fields: HeaderFields, request: Message) => HeaderFields;
  /** Protects the answer; null leaves it unprotected. */
  readonly protector?: Protector | null;
  readonly extraCerts?: readonly Bytes[];
  /** Body in place of the right one. */
  readonly body?: Pick<MessageFields, 'type' | 'body'>;
  /** Certificates issued, in place of the right ones. */
  readonly responses?: (right: readonly CertificateResponseFields[], chain: TestChain) => Promise<readonly CertificateResponseFields[]>;
  readonly caPubs?: readonly Bytes[];
  /** The octets that go out. */
  readonly answer?: (right: HttpAnswer) => HttpAnswer | null;
}

export interface IssueTwist {
  readonly spki?: Bytes;
  readonly subject?: Bytes;
  readonly notBefore?: number;
  readonly notAfter?: number;
  readonly extensions?: readonly Bytes[];
  readonly serial?: number;
  /** Issued by this chain's authority in place of the right one. */
  readonly by?: TestChain;
}

const NOTICE = ['시험용 인증서', 'http://test.example.invalid/cps'] as const;
const ANSWERS = { ir: 'ip', cr: 'cp', kur: 'kup' } as const;

export class TestAuthority {
  readonly chain: TestChain;
  readonly partner: Partner;
  /** Confirmations that came in. */
  readonly confirmations: Confirmation[][] = [];
  readonly requests: Message[] = [];
  twists: Twist[] = [];
  status: Status = 'grantedWithMods';
  mac: MacWay = 'pbm';
  #nonces = 0;

  constructor(chain: TestChain, adapter: Partial<Adapter> = {}) {
    this.chain = chain;
    const { root, authority } = chain;
    this.partner = { id: 'test', adapter: { ...ADAPTER, ...adapter }, issuers: [authority.certificate], roots: [root.certificate] };
  }

  static async make(adapter: Partial<Adapter> = {}): Promise<TestAuthority> {
    return new TestAuthority(await makeChain(), adapter);
  }

  /** Another authority with the same certificates. */
  again(adapter: Partial<Adapter> = {}): TestAuthority {
    return new TestAuthority(this.chain, adapter);
  }

  codeProtector(code = CODE, iterations = 100): Protector {
    return macProtector(this.mac, { secret: utf8(code), salt: SALT, iterations });
  }

  signProtector(key = this.chain.authority.key): Protector {
    return { algorithm: SHA256_WITH_RSA, protect: signerOf(key) };
  }

  async issue(spki: Bytes, use: 'sign' | 'km', twist: IssueTwist = {}): Promise<Certificate> {
    const { certificate, key } = (twist.by ?? this.chain).authority;
    const usage = use === 'sign' ? keyUsage('digitalSignature', 'nonRepudiation') : keyUsage('keyEncipherment');
    const own = twist.spki ?? spki;
    const common = [authorityKeyId(certificate.subjectKeyId!, certificate.issuer.der, certificate.serial), subjectKeyId(await keyIdentifier(own))];
    const subject = writeName([
      [OID.country, 'kr'],
      [OID.commonName, '홍길동()0099041'],
    ]);
    const encoded = await writeCertificate({
      serial: Uint8Array.of(twist.serial ?? 0x21),
      issuer: certificate.subject.der,
      subject: twist.subject ?? subject,
      notBefore: twist.notBefore ?? NOW - DAY,
      notAfter: twist.notAfter ?? NOW + 365 * DAY,
      spki: own,
      extensions: [...common, ...(twist.extensions ?? [usage, policies(BANK_POLICY, ...NOTICE)])],
      sign: signerOf(key),
    });
    return readCertificate(encoded);
  }

  async #responses(request: Message): Promise<CertificateResponseFields[]> {
    const found = readCertificateRequests(request.body.content);
    return Promise.all(
      found.map(async ({ requestId, template }) => {
        const use = template.extensions.some((extension) => extension.at(-1) === 0x20) ? 'km' : 'sign';
        const certificate = (await this.issue(template.spki!, use, template.subject === null ? {} : { subject: template.subject })).der;
        return { requestId, status: { status: this.status }, certificate };
      }),
    );
  }

  async #body(request: Message, { body, responses, caPubs = [] }: Twist): Promise<Pick<MessageFields, 'type' | 'body'>> {
    if (body !== undefined) return body;
    const { type, content } = request.body;
    if (type === 'certConf') {
      this.confirmations.push(readConfirmations(content));
      return { type: 'pkiConf', body: der.nullValue() };
    }
    if (type !== 'ir' && type !== 'cr' && type !== 'kur') throw new Error(`no answer to ${type}`);
    const right = await this.#responses(request);
    const written = responses === undefined ? right : await responses(right, this.chain);
    return { type: ANSWERS[type], body: writeCertificateResponses(written, caPubs) };
  }

  /** Answers one message, with the next twist that is waiting. */
  async answer(bytes: Bytes): Promise<HttpAnswer | null> {
    const request = readMessage(copy(bytes));
    this.requests.push(request);
    const twist = this.twists.shift() ?? {};
    const fields: HeaderFields = {
      sender: this.chain.authority.certificate.subject.der,
      recipient: request.header.sender!,
      messageTime: NOW,
      transactionId: request.header.transactionId!,
      senderNonce: concat(SALT.subarray(0, 15), Uint8Array.of(++this.#nonces)),
      recipientNonce: request.header.senderNonce!,
    };
    const signed = request.header.protection!.id === OID.sha256WithRsa;
    const message = await writeMessage({
      header: twist.header?.(fields, request) ?? fields,
      ...(await this.#body(request, twist)),
      protector: twist.protector === undefined ? (signed ? this.signProtector() : this.codeProtector()) : twist.protector,
      extraCerts: twist.extraCerts ?? [],
    });
    const right = { type: MEDIA_TYPE, bytes: message };
    return twist.answer === undefined ? right : twist.answer(right);
  }
}

/** A certificate of the authority whose holder may answer for it, where `usages` say so. */
export async function delegate(
  authority: TestAuthority,
  usages: readonly string[],
  by?: TestChain,
): Promise<{ certificate: Certificate; protector: Protector }> {
  const keys = await makeKeys();
  const spki = new Uint8Array(await crypto.subtle.exportKey('spki', keys.publicKey));
  const extended = writeExtension(OID.extendedKeyUsage, false, der.sequence(...usages.map((usage) => der.objectIdentifier(usage))));
  const extensions = [keyUsage('digitalSignature'), policies(BANK_POLICY, ...NOTICE), ...(usages.length === 0 ? [] : [extended])];
  const certificate = await authority.issue(spki, 'sign', { extensions, ...(by === undefined ? {} : { by }) });
  return { certificate, protector: authority.signProtector(keys.privateKey) };
}
