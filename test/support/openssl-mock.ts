/**
 * OpenSSL's mock server for certificate management. It knows the syntax and the protection, and is no authority: whatever is asked,
 * it answers with the one certificate it was given; any number with the right code is served; one request a message; MACs of
 * answers are HMAC-SHA1; a revocation has no effect; a confirmation that comes again gets an error. It cannot listen on loopback alone.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HttpAnswer } from '../../lib/cmp/answer.ts';
import type { Bytes } from '../../lib/bytes/bytes.ts';

export interface MockServer {
  post(message: Bytes): Promise<HttpAnswer>;
  stop(): void;
}

/** The port that the server prints once it listens. */
function portOf(server: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    const listen = (chunk: Buffer): void => {
      said += chunk.toString();
      const port = /ACCEPT .*:(\d+)/.exec(said)?.[1];
      if (port !== undefined) resolve(port);
    };
    server.stdout?.on('data', listen);
    server.stderr?.on('data', listen);
    server.once('exit', () => reject(new Error(said)));
  });
}

function post(agent: Agent, port: string, message: Bytes): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/pkixcmp', 'content-length': message.length };
    const sent = request({ host: '127.0.0.1', port, path: '/pkix/', method: 'POST', headers, agent }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () => resolve({ type: answer.headers['content-type'] ?? '', bytes: Uint8Array.from(Buffer.concat(chunks)) }));
      answer.on('error', reject);
    });
    sent.on('error', reject);
    sent.end(message);
  });
}

/** Starts one with the given files in its folder; it is the caller's to stop. */
export async function startMockServer(files: Readonly<Record<string, string>>, options: readonly string[]): Promise<MockServer> {
  const folder = mkdtempSync(join(tmpdir(), 'dojang-cmp-'));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  const server = spawn('openssl', ['cmp', '-config', '', '-port', '0', ...options], { cwd: folder });
  const stop = (): void => {
    server.kill();
    rmSync(folder, { recursive: true, force: true });
  };
  // A transaction of this server ends with its connection.
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  try {
    const port = await portOf(server);
    return {
      post: (message) => post(agent, port, message),
      stop: () => {
        agent.destroy();
        stop();
      },
    };
  } catch (thrown) {
    stop();
    throw thrown;
  }
}
