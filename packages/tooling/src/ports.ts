/**
 * Ports for tests that start programs. Below those that the operating system gives to outgoing connections: between the
 * moment in which a port is found free and that in which a program listens, one of the hundreds to a database would take it.
 */
import { createServer, type Server } from "node:net";

const listenOn = (port: number): Promise<Server | null> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(null));
    server.listen(port, "127.0.0.1", () => resolve(server));
  });

const [lowest, highest] = [16_000, 32_000];

/** The first of `count` neighbouring ports of this machine, all free at this moment. */
export const freePorts = async (count = 1): Promise<number> => {
  for (let tried = 0; tried < 1_000; tried++) {
    const port = lowest + Math.floor(Math.random() * (highest - lowest - count));
    const servers = await Promise.all(Array.from({ length: count }, (_, n) => listenOn(port + n)));
    await Promise.all(servers.map((server) => new Promise((done) => server?.close(done) ?? done(null))));
    if (servers.every(Boolean)) return port;
  }
  throw new Error("This machine has no free port.");
};
