import { createServer, connect } from 'node:net';
import { readJson, writeJson } from './files.mjs';

/** Is this port of the loopback address free to listen on? */
export function isFree(port, host = '127.0.0.1') {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ port, host, exclusive: true }, () => probe.close(() => resolve(true)));
  });
}

/** A port that nothing listens on, chosen by the system. */
export function anyFreePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen({ port: 0, host: '127.0.0.1' }, () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

/** The first free port from a wanted one on, so that an address stays easy to type. */
export async function firstFreeFrom(wanted, attempts = 50) {
  for (let port = wanted; port < wanted + attempts; port += 1) if (await isFree(port)) return port;
  return anyFreePort();
}

/**
 * The port a private server had last time where it is still free, else another, remembered in the file for next
 * time, so that tools keep their address across restarts.
 */
export async function rememberedPort(file) {
  const remembered = readJson(file);
  if (Number.isInteger(remembered) && await isFree(remembered)) return remembered;
  const port = await anyFreePort();
  writeJson(file, port);
  return port;
}

/** Does something accept connections there? */
export function accepts(host, port, timeoutMs = 1_000) {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const finish = (answer) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(timeoutMs, () => finish(false));
    socket.once('connect', () => finish(true));
    socket.once('error', () => finish(false));
  });
}
