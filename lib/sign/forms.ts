/**
 * The shapes of SignedData (RFC 5652) that the wallet writes. They differ on four axes, and a form is a named choice on all of them:
 * content attached or detached; signed attributes or none; how the signature algorithm is named; ContentInfo around it or not.
 * Without attributes the signer's certificate goes along alone, as those read it that ask for that form; else the chain does too.
 */
interface Shape {
  readonly attached: boolean;
  readonly attributes: boolean;
  /** `rsaEncryption` in place of `sha256WithRSAEncryption` (RFC 3370 3.2). */
  readonly plainRsa: boolean;
  readonly contentInfo: boolean;
}

export const SHAPES = {
  /** What any verifier of RFC 5652 reads. */
  cms: { attached: true, attributes: true, plainRsa: false, contentInfo: true },
  'cms-detached': { attached: false, attributes: true, plainRsa: false, contentInfo: true },
  'cms-rsa-encryption': { attached: true, attributes: true, plainRsa: true, contentInfo: true },
  'cms-no-attributes': { attached: true, attributes: false, plainRsa: true, contentInfo: true },
  'cms-bare': { attached: true, attributes: true, plainRsa: true, contentInfo: false },
} as const satisfies Readonly<Record<string, Shape>>;

export type SignedDataForm = keyof typeof SHAPES;
