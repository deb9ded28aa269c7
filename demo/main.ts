/** Starts the demo bank and its authority: `node demo/main.ts [--port 4080] [--ca-port 4081] [--host 127.0.0.1] [--data .output/demo]`. */
import { parseArgs } from 'node:util';
import { USUAL_PORT } from './ca/profile.ts';
import { startDemo } from './demo.ts';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '4080' },
    'ca-port': { type: 'string', default: String(USUAL_PORT) },
    host: { type: 'string', default: '127.0.0.1' },
    data: { type: 'string', default: '.output/demo' },
    'test-routes': { type: 'boolean', default: false },
  },
});

const { url, caUrl, authority, close } = await startDemo({
  port: Number(values.port),
  caPort: Number(values['ca-port']),
  host: values.host,
  dataFolder: values.data,
  testRoutes: values['test-routes'],
});

const lines = [
  `도장 시연 은행 / Dojang demo bank: ${url}`,
  `시연용 인증기관 / demo certificate authority: ${caUrl}`,
  `시연용 인증서 / demo certificates: ${authority.npkiFolder}`,
  ...authority.people.map(({ realName, note, password }) => `  ${realName} (${note.ko} / ${note.en}) - ${password}`),
  '끝내려면 Ctrl+C / Ctrl+C to stop',
];
process.stdout.write(`${lines.join('\n')}\n`);

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void close());
