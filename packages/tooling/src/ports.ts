/** Ports for tests that start programs: what the operating system gives, never a guess. */
import { createServer, type Server } from "node:net";

const listenOn = (port: number): Promise<Server | null> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(null));
    server.listen(port, "127.0.0.1", () => resolve(server));
  });

const portOf = (server: Server): number => (server.address() as { port: number }).port;

/** The first of `count` neighbouring ports of this machine, all free at this moment. */
export const freePorts = async (count = 1): Promise<number> => {
  for (;;) {
    const first = await listenOn(0);
    if (!first) throw new Error("This machine has no free port.");
    const port = portOf(first);
    const others = await Promise.all(
      Array.from({ length: count - 1 }, (_, n) => (port + n + 1 > 65_535 ? null : listenOn(port + n + 1))),
    );
    await Promise.all(
      [first, ...others].map((server) => new Promise((done) => server?.close(done) ?? done(null))),
    );
    if (others.every(Boolean)) return port;
  }
};
