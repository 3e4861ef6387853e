/**
 * A process that sends what nobody should: batches of 500 calls, headers of a megabyte, bodies of a gigabyte, four of each
 * at a time, each again as soon as it was answered or cut off. Ends after so many milliseconds and says how much it sent.
 */
import { connect } from "node:net";

const [url = "", ms = ""] = process.argv.slice(2);
const { hostname, port } = new URL(url);
const end = performance.now() + Number(ms);
const part = Buffer.alloc(256_000, 32);
let sent = 0;

/** A head and, after it, as much of a body as is taken until an answer comes or the connection ends. */
const send = (head: string, length: number) =>
  new Promise<void>((resolve) => {
    const socket = connect(Number(port), hostname);
    let left = length;
    const over = () => {
      socket.destroy();
      resolve();
    };
    const more = () => {
      while (left > 0 && performance.now() < end) {
        left -= part.length;
        sent += part.length;
        if (!socket.write(part)) return void socket.once("drain", more);
      }
    };
    socket.on("connect", () => {
      socket.write(head);
      more();
    });
    socket.on("data", over);
    socket.on("error", over);
    socket.on("close", over);
    setTimeout(over, Math.max(0, end - performance.now()));
  });

const batch = async () => {
  const paths = Array(500).fill("identity.me").join(",");
  const answer = await fetch(`${url}/trpc/${paths}?batch=1`).catch(() => null);
  await answer?.text();
};
const head = (line: string, more: string) => `${line} HTTP/1.1\r\nHost: ${hostname}\r\n${more}\r\n\r\n`;
const header = () => send(head("GET /trpc/identity.me", `X-Long: ${"x".repeat(1_000_000)}`), 0);
const body = () =>
  send(
    head("POST /api/users/login", "Content-Type: application/json\r\nContent-Length: 1000000000"),
    1_000_000_000,
  );

await Promise.all(
  [batch, header, body].flatMap((work) =>
    Array.from({ length: 4 }, async () => {
      while (performance.now() < end) await work();
    }),
  ),
);
console.log(JSON.stringify({ megabytes: Math.round(sent / 1e6) }));
process.exit(0);
