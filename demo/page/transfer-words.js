/** What the transfer page says while documents are signed, in Korean and English. */

const KO = {
  connecting: '도장 지갑을 찾고 있습니다…',
  waiting: '도장 창에서 내용을 확인하고 인증서를 골라 승인해 주세요.',
  checking: '은행 서버가 서명을 확인하고 있습니다…',
  done: (holder, count) => `은행 서버가 ${holder} 님의 서명 ${count}건을 확인했습니다. 시연이므로 돈은 움직이지 않습니다.`,
  checks: {
    content: '은행이 쓴 문서 그대로이며, 한 글자도 바뀌지 않았습니다.',
    origin: '이 사이트의 주소로 서명했습니다.',
    time: '5분 안에 서명했습니다.',
    'certificate-binding': '서명 안에 이 인증서가 적혀 있습니다.',
    signature: '인증서의 열쇠로 만든 서명이 맞습니다.',
    path: '믿을 수 있는 인증기관이 발급했고, 유효기간 안입니다.',
    'key-usage': '서명에 쓸 수 있는 인증서입니다.',
    status: '폐기되지 않았습니다.',
  },
  codes: {
    'wallet.absent': '도장 지갑을 찾지 못했습니다. 확장 프로그램이 설치되어 있고 이 사이트에서 켜져 있는지 확인해 주세요.',
    'user.cancelled': '이체를 취소했습니다. 다시 하려면 버튼을 누르세요.',
    'user.timeout': '시간이 지나 서명을 마치지 못했습니다. 다시 시도해 주세요.',
    'request.busy': '다른 요청이 승인을 기다리고 있습니다. 도장 창을 먼저 처리하거나 1분 뒤에 다시 시도해 주세요.',
    'verify.document': '은행이 쓴 문서와 다른 내용에 서명되어 받지 않았습니다. 처음부터 다시 해 주세요.',
    'verify.origin': '다른 주소에서 만든 서명이어서 받지 않았습니다. 피싱일 수 있으니 주소를 확인하세요.',
    'verify.time': '서명한 시각이 맞지 않습니다. PC 시계를 맞춘 뒤 다시 시도해 주세요.',
    'verify.signature': '서명이 올바르지 않아 받지 않았습니다. 다시 시도해 주세요.',
    'certificate.not-accepted': '로그인한 인증서로 서명해 주세요.',
    'certificate.revoked': '폐기된 인증서입니다. 다른 인증서로 로그인해 주세요.',
    network: '은행 서버에 연결하지 못했습니다. 인터넷 연결을 확인하고 다시 시도해 주세요.',
    library: '도장 페이지 라이브러리를 불러오지 못했습니다. 먼저 빌드한 뒤 페이지를 새로 고쳐 주세요.',
    internal: '문제가 생겨 이체하지 못했습니다. 페이지를 새로 고치고 다시 시도해 주세요.',
  },
};

const EN = {
  connecting: 'Looking for the Dojang wallet…',
  waiting: 'Look at the content in the Dojang window, choose a certificate and approve.',
  checking: 'The bank is checking the signatures…',
  done: (holder, count) => `The bank has checked ${count} signature(s) of ${holder}. This is a demo: no money moves.`,
  checks: {
    content: 'It is the document as the bank wrote it, to the letter.',
    origin: 'It was signed for the address of this site.',
    time: 'It was signed within five minutes.',
    'certificate-binding': 'The signature names this very certificate.',
    signature: 'The signature was made with the key of the certificate.',
    path: 'A trusted authority issued the certificate, and it was valid at that time.',
    'key-usage': 'The certificate may be used for signing.',
    status: 'The certificate has not been revoked.',
  },
  codes: {
    'wallet.absent': 'No Dojang wallet was found. Check that the extension is installed and enabled on this site.',
    'user.cancelled': 'The transfer was cancelled. Press the button to try again.',
    'user.timeout': 'Time ran out before it was signed. Try again.',
    'request.busy': 'Another request is waiting for approval. Finish it in the Dojang window, or try again in a minute.',
    'verify.document': 'Refused: what was signed is not the document that the bank wrote. Start again.',
    'verify.origin': 'Refused: this was signed for another address. It may be phishing: check the address.',
    'verify.time': 'Refused: the time of the signature is wrong. Set the clock of this computer and try again.',
    'verify.signature': 'Refused: the signature does not hold. Try again.',
    'certificate.not-accepted': 'Sign with the certificate that you signed in with.',
    'certificate.revoked': 'This certificate has been revoked. Sign in with another one.',
    network: 'The bank could not be reached. Check your connection and try again.',
    library: 'The Dojang page library could not be loaded. Build it first, then reload the page.',
    internal: 'Something went wrong and nothing was transferred. Reload the page and try again.',
  },
};

/** Sentences of a language; a code without a sentence of its own gets the general one. */
export function words(language) {
  const { codes, ...rest } = language === 'en' ? EN : KO;
  return { ...rest, refusal: (code) => (Object.hasOwn(codes, code) ? codes[code] : codes.internal) };
}
