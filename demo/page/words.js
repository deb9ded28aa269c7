/** What the page says while it signs somebody in, in Korean and English; one sentence for each thing that can go wrong. */

const KO = {
  connecting: '도장 지갑을 찾고 있습니다…',
  waiting: '도장 창에서 인증서를 고르고 승인해 주세요.',
  checking: '은행 서버가 서명을 확인하고 있습니다…',
  codes: {
    'wallet.absent': '도장 지갑을 찾지 못했습니다. 확장 프로그램이 설치되어 있고 이 사이트에서 켜져 있는지 확인해 주세요.',
    'user.cancelled': '로그인을 취소했습니다. 다시 하려면 버튼을 누르세요.',
    'user.timeout': '시간이 지나 로그인을 마치지 못했습니다. 다시 시도해 주세요.',
    'request.busy': '다른 요청이 승인을 기다리고 있습니다. 도장 창을 먼저 처리하거나 1분 뒤에 다시 시도해 주세요.',
    'request.insecure': '안전하지 않은 페이지여서 지갑이 응답하지 않았습니다. 주소를 직접 입력해 다시 열어 주세요.',
    'request.forbidden': '이 페이지는 지갑에 요청할 수 없습니다.',
    'request.unsupported-version': '지갑과 사이트의 버전이 다릅니다. 도장을 업데이트해 주세요.',
    'request.malformed': '요청을 알아볼 수 없습니다. 페이지를 새로 고치고 다시 시도해 주세요.',
    'request.too-large': '보낸 내용이 너무 큽니다. 페이지를 새로 고치고 다시 시도해 주세요.',
    'request.gone': '요청이 이미 끝났습니다. 다시 시도해 주세요.',
    'request.recipient': '이 은행의 서버 인증서로는 본인확인 값을 받을 수 없습니다. 은행에 알려 주세요.',
    'verify.statement': '로그인용 서명이 아니어서 받지 않았습니다. 다시 시도해 주세요.',
    'verify.document': '은행이 만든 문서와 다른 내용에 서명되어 받지 않았습니다. 처음부터 다시 해 주세요.',
    'verify.origin': '다른 주소에서 만든 서명이어서 받지 않았습니다. 피싱일 수 있으니 주소를 확인하고, 즐겨찾기로 다시 들어오세요.',
    'verify.nonce': '이미 쓰였거나 이 브라우저에 준 것이 아닌 로그인입니다. 다시 시도해 주세요.',
    'verify.time': '서명한 시각이 맞지 않습니다. PC 시계를 맞춘 뒤 다시 시도해 주세요.',
    'verify.signature': '서명이 올바르지 않아 받지 않았습니다. 다시 시도해 주세요.',
    'verify.identity': '은행에 등록된 번호와 인증서의 소유자가 다릅니다. 본인의 인증서를 골라 주세요.',
    'certificate.expired': '만료된 인증서입니다. 새로 발급받은 인증서로 로그인해 주세요.',
    'certificate.not-yet-valid': '아직 쓸 수 없는 인증서입니다. PC 시계도 확인해 주세요.',
    'certificate.revoked': '폐기된 인증서입니다. 새로 발급받은 인증서로 로그인해 주세요.',
    'certificate.untrusted': '이 은행이 믿는 인증기관의 인증서가 아닙니다. 시연용 인증서로 로그인해 주세요.',
    'certificate.wrong-use': '로그인에 쓸 수 없는 인증서입니다. 서명용 인증서를 골라 주세요.',
    'certificate.not-accepted': '이 은행이 받는 종류의 인증서가 아닙니다. 다른 인증서를 골라 주세요.',
    'identity.missing': '본인확인 값을 받지 못해 로그인하지 않았습니다. 다시 눌러 도장 창에서 본인확인 값 전달에 표시해 주세요.',
    network: '은행 서버에 연결하지 못했습니다. 인터넷 연결을 확인하고 다시 시도해 주세요.',
    library: '도장 페이지 라이브러리를 불러오지 못했습니다. 먼저 빌드한 뒤 페이지를 새로 고쳐 주세요.',
    internal: '문제가 생겨 로그인하지 못했습니다. 잠시 뒤에 다시 시도해 주세요.',
  },
};

const EN = {
  connecting: 'Looking for the Dojang wallet…',
  waiting: 'Choose a certificate in the Dojang window and approve.',
  checking: 'The bank is checking the signature…',
  codes: {
    'wallet.absent': 'No Dojang wallet was found. Check that the extension is installed and enabled on this site.',
    'user.cancelled': 'Sign-in was cancelled. Press the button to try again.',
    'user.timeout': 'Time ran out before sign-in was finished. Try again.',
    'request.busy': 'Another request is waiting for approval. Finish it in the Dojang window, or try again in a minute.',
    'request.insecure': 'The wallet did not answer because this page is not secure. Type the address yourself and open it again.',
    'request.forbidden': 'This page may not ask the wallet.',
    'request.unsupported-version': 'Wallet and site speak different versions. Update Dojang.',
    'request.malformed': 'The request could not be understood. Reload the page and try again.',
    'request.too-large': 'What was sent is too large. Reload the page and try again.',
    'request.gone': 'The request is already over. Try again.',
    'request.recipient': 'The server certificate of this bank cannot receive the identity value. Please tell the bank.',
    'verify.statement': 'Refused: this is not a signature for signing in. Try again.',
    'verify.document': 'Refused: what was signed is not the document that the bank wrote. Start again.',
    'verify.origin': 'Refused: this was signed for another address. It may be phishing: check the address and come back by your bookmark.',
    'verify.nonce': 'Refused: this sign-in was used already, or was not given to this browser. Try again.',
    'verify.time': 'Refused: the time of the signature is wrong. Set the clock of this computer and try again.',
    'verify.signature': 'Refused: the signature does not hold. Try again.',
    'verify.identity': 'Refused: the number on file is not that of the holder of the certificate. Choose your own certificate.',
    'certificate.expired': 'This certificate has expired. Sign in with a newly issued one.',
    'certificate.not-yet-valid': 'This certificate is not valid yet. Check the clock of this computer too.',
    'certificate.revoked': 'This certificate has been revoked. Sign in with a newly issued one.',
    'certificate.untrusted': 'This bank does not trust the issuer of this certificate. Sign in with a demo certificate.',
    'certificate.wrong-use': 'This certificate cannot be used to sign in. Choose a signing certificate.',
    'certificate.not-accepted': 'This bank does not take this type of certificate. Choose another one.',
    'identity.missing': 'You are not signed in: the identity value did not come. Try again and tick the identity value in the Dojang window.',
    network: 'The bank could not be reached. Check your connection and try again.',
    library: 'The Dojang page library could not be loaded. Build it first, then reload the page.',
    internal: 'Something went wrong and you are not signed in. Try again later.',
  },
};

/** Sentences of a language; a code without a sentence of its own gets the general one. */
export function words(language) {
  const { codes, ...rest } = language === 'en' ? EN : KO;
  return { ...rest, refusal: (code) => (Object.hasOwn(codes, code) ? codes[code] : codes.internal) };
}
