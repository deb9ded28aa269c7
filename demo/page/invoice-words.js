/** What the invoice page says while invoices are signed, in Korean and English. */

const KO = {
  connecting: '도장 지갑을 찾고 있습니다…',
  waiting: '도장 창에서 내용을 확인하고 인증서를 골라 승인해 주세요.',
  checking: '서버가 서명을 확인하고 있습니다…',
  done: (holder, count) => `서버가 전자세금계산서 ${count}건의 서명을 확인했습니다. 서명한 사람: ${holder}`,
  codes: {
    'wallet.absent': '도장 지갑을 찾지 못했습니다. 확장 프로그램이 설치되어 있고 이 사이트에서 켜져 있는지 확인해 주세요.',
    'user.cancelled': '서명을 취소했습니다. 다시 하려면 버튼을 누르세요.',
    'user.timeout': '시간이 지나 서명을 마치지 못했습니다. 다시 시도해 주세요.',
    'request.busy': '다른 요청이 승인을 기다리고 있습니다. 도장 창을 먼저 처리하거나 1분 뒤에 다시 시도해 주세요.',
    'verify.signature': '서명이 올바르지 않아 받지 않았습니다. 다시 시도해 주세요.',
    'verify.document': '이 사이트가 만든 세금계산서가 아니어서 받지 않았습니다. 다시 시도해 주세요.',
    'certificate.untrusted': '이 사이트가 믿는 인증기관의 인증서가 아닙니다. 시연용 인증서로 서명해 주세요.',
    'certificate.not-accepted': '전자세금용 또는 사업자 범용 인증서로 서명해 주세요.',
    'certificate.revoked': '폐기된 인증서입니다. 다른 인증서로 서명해 주세요.',
    network: '은행 서버에 연결하지 못했습니다. 인터넷 연결을 확인하고 다시 시도해 주세요.',
    library: '도장 페이지 라이브러리를 불러오지 못했습니다. 먼저 빌드한 뒤 페이지를 새로 고쳐 주세요.',
    internal: '문제가 생겨 서명하지 못했습니다. 페이지를 새로 고치고 다시 시도해 주세요.',
  },
};

const EN = {
  connecting: 'Looking for the Dojang wallet…',
  waiting: 'Look at the content in the Dojang window, choose a certificate and approve.',
  checking: 'The server is checking the signatures…',
  done: (holder, count) => `The server has checked the signatures of ${count} tax invoices. Signed by: ${holder}`,
  codes: {
    'wallet.absent': 'No Dojang wallet was found. Check that the extension is installed and enabled on this site.',
    'user.cancelled': 'Signing was cancelled. Press the button to try again.',
    'user.timeout': 'Time ran out before the invoices were signed. Try again.',
    'request.busy': 'Another request is waiting for approval. Finish it in the Dojang window, or try again in a minute.',
    'verify.signature': 'Refused: the signature does not hold. Try again.',
    'verify.document': 'Refused: this is not the invoice that this site wrote. Try again.',
    'certificate.untrusted': 'This site does not trust the issuer of this certificate. Sign with a demo certificate.',
    'certificate.not-accepted': 'Sign with an e-tax or business general certificate.',
    'certificate.revoked': 'This certificate has been revoked. Sign with another one.',
    network: 'The bank could not be reached. Check your connection and try again.',
    library: 'The Dojang page library could not be loaded. Build it first, then reload the page.',
    internal: 'Something went wrong and nothing was signed. Reload the page and try again.',
  },
};

/** Sentences of a language; a code without a sentence of its own gets the general one. */
export function words(language) {
  const { codes, ...rest } = language === 'en' ? EN : KO;
  return { ...rest, refusal: (code) => (Object.hasOwn(codes, code) ? codes[code] : codes.internal) };
}
