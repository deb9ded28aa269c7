/** For tests: a site that got hold of a bank's nonce and asks the wallet to sign it. */
import { connectWallet } from '/dojang.js';

const code = document.querySelector('#code');
const cms = document.querySelector('#cms');

document.querySelector('#sign').addEventListener('click', async () => {
  code.textContent = '';
  cms.textContent = '';
  try {
    const wallet = await connectWallet();
    const result = await wallet.signIn({ nonce: new URLSearchParams(location.search).get('nonce') ?? '' });
    cms.textContent = result.cms;
    code.textContent = 'signed';
  } catch (error) {
    code.textContent = error?.code ?? 'internal';
  }
});
