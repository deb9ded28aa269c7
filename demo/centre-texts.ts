/** What the demo bank's certificate centre (공동인증센터) says, in Korean and English. */
import type { State } from './ca/certificates.ts';
import type { Language } from './texts.ts';

/** What can be had: the policies of a bank's certificate and of a general one. */
export const POLICIES = { bank: '1.2.410.200005.1.1.4', general: '1.2.410.200005.1.1.1' } as const;
/** What the page asks the wallet for. */
export const WALLET_ACTS = ['issue', 'renew', 'revoke', 'register'] as const;
export type WalletAct = (typeof WALLET_ACTS)[number];

export type PolicyName = keyof typeof POLICIES;

interface CentreTexts {
  readonly title: string;
  readonly lead: string;
  readonly identify: {
    readonly title: string;
    readonly show: string;
    readonly who: string;
    readonly code: (code: string) => string;
    readonly submit: string;
    readonly wrong: string;
  };
  readonly hello: (name: string) => string;
  readonly leave: string;
  readonly issue: {
    readonly title: string;
    readonly text: string;
    readonly kind: string;
    readonly policies: Readonly<Record<PolicyName, string>>;
    readonly km: string;
    readonly submit: string;
  };
  readonly mine: {
    readonly title: string;
    readonly none: string;
    readonly serial: string;
    readonly expires: string;
    readonly state: string;
    readonly kind: string;
    readonly states: Readonly<Record<State | 'expired', string>>;
    readonly reissue: string;
    readonly hold: string;
    readonly release: string;
    readonly revoke: string;
    readonly renewHere: string;
    readonly revokeHere: string;
  };
  readonly confirm: {
    readonly title: string;
    readonly text: (serial: string) => string;
    readonly submit: string;
    readonly back: string;
  };
  readonly done: Readonly<Record<'holds' | 'releases' | 'revocations' | WalletAct, string>>;
  readonly refused: string;
  readonly renew: { readonly title: string; readonly text: string };
  readonly register: {
    readonly title: string;
    readonly text: string;
    readonly none: string;
    readonly registered: string;
    readonly submit: string;
  };
  readonly wallet: {
    readonly title: string;
    readonly text: string;
    readonly address: string;
    readonly files: string;
    readonly root: string;
    readonly issuing: string;
    readonly cancel: string;
  };
  readonly numbers: {
    readonly title: string;
    readonly text: string;
    readonly here: string;
    readonly reference: string;
    readonly code: string;
    readonly until: string;
    readonly replaces: string;
    readonly keep: string;
    readonly back: string;
  };
}

const KO: CentreTexts = {
  title: '공동인증센터',
  lead: '공동인증서를 발급·재발급하거나 효력정지·폐기를 신청합니다.',
  identify: {
    title: '본인확인',
    show: '시연이라 실제 본인확인은 하지 않습니다. 지어낸 고객 가운데 한 명을 고르세요. 실제 주민등록번호는 묻지 않습니다.',
    who: '고객',
    code: (code) => `인증번호 (시연용: ${code})`,
    submit: '본인확인',
    wrong: '인증번호가 맞지 않습니다. 화면에 적힌 번호를 다시 입력하세요.',
  },
  hello: (name) => `${name} 님의 본인확인을 마쳤습니다.`,
  leave: '마치기',
  issue: {
    title: '발급',
    text: '같은 종류의 인증서가 이미 있으면, 새 인증서를 다 받은 때에 그 인증서는 폐기됩니다.',
    kind: '종류',
    policies: { bank: '은행/신용카드/보험용', general: '범용' },
    km: '암호화용 인증서도 함께 받기',
    submit: '참조번호와 인가코드 받기',
  },
  mine: {
    title: '내 인증서',
    none: '이 은행에서 발급한 인증서가 없습니다.',
    serial: '일련번호',
    expires: '만료일',
    state: '상태',
    kind: '구분',
    states: { pending: '확인 중', active: '정상', held: '효력정지', revoked: '폐기', expired: '만료' },
    reissue: '재발급',
    hold: '효력정지',
    release: '효력회복',
    revoke: '창구에서 폐기',
    renewHere: '지갑에서 갱신',
    revokeHere: '지갑에서 폐기',
  },
  confirm: {
    title: '인증서 폐기',
    text: (serial) => `일련번호 ${serial} 인증서를 폐기합니다. 다른 곳에 있는 사본도 모두 쓸 수 없게 됩니다. 되돌릴 수 없습니다.`,
    submit: '폐기하기',
    back: '돌아가기',
  },
  done: {
    holds: '효력을 정지했습니다. 효력회복을 신청할 때까지 쓸 수 없습니다.',
    releases: '효력을 회복했습니다. 다시 쓸 수 있습니다.',
    revocations: '폐기했습니다. 새 인증서가 필요하면 발급을 신청하세요.',
    issue: '인증서를 지갑에 받았습니다. 이제 이 인증서로 로그인할 수 있습니다.',
    renew: '갱신했습니다. 다른 은행과 기관에도 새 인증서를 등록하세요.',
    revoke: '지갑에서 폐기했습니다. 새 인증서가 필요하면 발급을 신청하세요.',
    register: '인증서를 등록했습니다. 이제 이 은행에서 쓸 수 있습니다.',
  },
  refused: '지금 상태에서는 신청할 수 없습니다. 아래의 상태를 확인하세요.',
  renew: {
    title: '갱신',
    text: '갱신은 은행의 번호 없이, 만료 30일 전부터 지갑이 지금 인증서로 서명해 신청합니다. 위 목록의 ‘지갑에서 갱신’을 누르세요.',
  },
  register: {
    title: '타행 인증서 등록',
    text: '다른 은행에서 받은 인증서를 이 은행에서 쓰려면 등록해야 합니다. 갱신이나 재발급으로 바뀐 인증서도 다시 등록합니다. 그 인증서로 한 번 서명하면 됩니다.',
    none: '등록한 인증서가 없습니다.',
    registered: '등록한 인증서의 일련번호',
    submit: '인증서 등록하기',
  },
  wallet: {
    title: '도장 지갑에서 이 인증기관 쓰기',
    text: '시연용 인증기관이라 지갑이 처음부터 알지는 못합니다. 시연용 도장의 ‘새로 발급’ 화면에서 시험용 인증기관으로 한 번 추가하세요.',
    address: '주소',
    files: '인증서 파일',
    root: '최상위 인증서',
    issuing: '발급 인증서',
    cancel: '그만두기',
  },
  numbers: {
    title: '참조번호와 인가코드',
    text: '이 브라우저의 도장 지갑에 바로 받을 수 있습니다. 다른 지갑이나 프로그램에서는 두 번호를 입력하세요.',
    here: '도장 지갑에 받기',
    reference: '참조번호',
    code: '인가코드',
    until: '유효기간',
    replaces: '새 인증서를 받으면 폐기되는 인증서',
    keep: '두 번호는 이 화면에서만 보입니다. 한 번만 쓸 수 있으니 다른 사람에게 알려 주지 마세요.',
    back: '공동인증센터로',
  },
};

const EN: CentreTexts = {
  title: 'Certificate centre',
  lead: 'Apply for a joint certificate, or have one reissued, suspended or revoked.',
  identify: {
    title: 'Identity check',
    show: 'This is a show: nobody is really checked. Choose one of the invented customers. No real resident number is asked for.',
    who: 'Customer',
    code: (code) => `One-time code (for the demo: ${code})`,
    submit: 'Check my identity',
    wrong: 'The code is wrong. Type the one printed on this page.',
  },
  hello: (name) => `The identity of ${name} has been checked.`,
  leave: 'Finish',
  issue: {
    title: 'Issue',
    text: 'If you have a certificate of the same type, it is revoked once you have received the new one.',
    kind: 'Type',
    policies: { bank: 'bank/card/insurance', general: 'general' },
    km: 'With a certificate for encryption',
    submit: 'Get reference number and code',
  },
  mine: {
    title: 'My certificates',
    none: 'This bank has issued no certificate to you.',
    serial: 'Serial number',
    expires: 'Expires',
    state: 'State',
    kind: 'Type',
    states: { pending: 'being confirmed', active: 'good', held: 'suspended', revoked: 'revoked', expired: 'expired' },
    reissue: 'Reissue',
    hold: 'Suspend',
    release: 'Restore',
    revoke: 'Revoke at the counter',
    renewHere: 'Renew in the wallet',
    revokeHere: 'Revoke in the wallet',
  },
  confirm: {
    title: 'Revoke a certificate',
    text: (serial) => `The certificate ${serial} will be revoked. Every copy elsewhere stops working too. This cannot be undone.`,
    submit: 'Revoke',
    back: 'Go back',
  },
  done: {
    holds: 'The certificate is suspended. It does not work until you have it restored.',
    releases: 'The certificate is restored and works again.',
    revocations: 'The certificate is revoked. Apply for a new one if you need it.',
    issue: 'The certificate is in your wallet. You can sign in with it now.',
    renew: 'Renewed. Register the new certificate at your other banks and agencies too.',
    revoke: 'Revoked in the wallet. Apply for a new certificate if you need one.',
    register: 'The certificate is registered and can be used at this bank.',
  },
  refused: 'This cannot be done in the present state. See the state below.',
  renew: {
    title: 'Renew',
    text: 'Renewal needs no number of the bank: from 30 days before the end the wallet applies for it, signed with the present certificate. Press “Renew in the wallet” in the list above.',
  },
  register: {
    title: 'Register a certificate of another bank',
    text: 'To use a certificate of another bank here, it has to be registered first. After a renewal or a reissue, the new one has to be registered again. Signing once with it is enough.',
    none: 'No certificate is registered.',
    registered: 'Serial numbers of registered certificates',
    submit: 'Register a certificate',
  },
  wallet: {
    title: 'Using this authority with the Dojang wallet',
    text: 'A demo authority is not known to the wallet from the start. Add it once as a test authority, on the page “Issue a certificate” of the demo build.',
    address: 'Address',
    files: 'Certificate files',
    root: 'root certificate',
    issuing: 'issuing certificate',
    cancel: 'Stop',
  },
  numbers: {
    title: 'Reference number and authorization code',
    text: 'The Dojang wallet of this browser can receive it right now. In another wallet or program you type both.',
    here: 'Receive it in the Dojang wallet',
    reference: 'Reference number',
    code: 'Authorization code',
    until: 'Good until',
    replaces: 'Revoked when you have the new certificate',
    keep: 'The two are shown on this page only. They work once: tell them to nobody.',
    back: 'Back to the certificate centre',
  },
};

export const CENTRE_TEXTS: Readonly<Record<Language, CentreTexts>> = { ko: KO, en: EN };
