/**
 * Starts the demo certificate authority from the command line:
 * `node demo/ca/main.ts [--port 4081] [--data .output/demo] [--test] [--serials usual] [--confirm-wait 600] [--renewal-days 30]`.
 */
import { parseArgs } from 'node:util';
import { openAuthority } from '../authority.ts';
import { startCa } from './ca.ts';
import { USUAL_PORT } from './profile.ts';
import { SERIAL_FORMS } from './serials.ts';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: String(USUAL_PORT) },
    data: { type: 'string', default: '.output/demo' },
    test: { type: 'boolean', default: false },
    serials: { type: 'string', default: 'usual' },
    'confirm-wait': { type: 'string', default: '600' },
    'renewal-days': { type: 'string', default: '30' },
  },
});

const serials = SERIAL_FORMS.find((form) => form === values.serials);
const [confirmWaitMs, renewalDays] = [1000 * Number(values['confirm-wait']), Number(values['renewal-days'])];
if (serials === undefined || !(confirmWaitMs > 0) || !(renewalDays >= 0)) throw new Error('demo/ca/main.ts: see the first lines of that file');

const authority = await openAuthority(values.data);
const settings = { confirmWaitMs, renewalDays, serials };
const { url, token, close } = await startCa({ port: Number(values.port), authority, settings, test: values.test });

process.stdout.write(`Demo certificate authority: ${url}\nToken of the registration office: ${token}\nCtrl+C to stop\n`);

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void close());
