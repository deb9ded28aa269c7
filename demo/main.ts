/** Starts the demo bank from the command line: `node demo/main.ts [--port 4080] [--host 127.0.0.1] [--data .output/demo]`. */
import { parseArgs } from 'node:util';
import { startBank } from './bank.ts';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '4080' },
    host: { type: 'string', default: '127.0.0.1' },
    data: { type: 'string', default: '.output/demo' },
    'test-routes': { type: 'boolean', default: false },
  },
});

const { url, authority, close } = await startBank({
  port: Number(values.port),
  host: values.host,
  dataFolder: values.data,
  testRoutes: values['test-routes'],
});

const lines = [
  `도장 시연 은행 / Dojang demo bank: ${url}`,
  `시연용 인증서 / demo certificates: ${authority.npkiFolder}`,
  ...authority.people.map(({ realName, note, password }) => `  ${realName} (${note.ko} / ${note.en}) - ${password}`),
  '끝내려면 Ctrl+C / Ctrl+C to stop',
];
process.stdout.write(`${lines.join('\n')}\n`);

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void close());
