/**
 * A server that is told to end while people are downloading, in a process of its own: a slow download that fits into what
 * it still waits is whole; one that does not is seen to be cut, never taken for whole, and is read on at another server.
 */
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { createHash } from "node:crypto";
import { connect } from "node:net";
import { sql } from "@evx/db";
import { testDatabase } from "@evx/db/testing";
import { freePorts } from "@evx/tooling/ports";
import { restClient } from "./rest-client.ts";

setDefaultTimeout(120_000);

/** Larger than what the sockets of both sides hold for themselves. */
const [parts, part_bytes] = [160, 256 * 1_024];
const whole_bytes = parts * part_bytes;

let database: Awaited<ReturnType<typeof testDatabase>>;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

const startServer = async () => {
  const port = await freePorts();
  const child = Bun.spawn([process.execPath, `${import.meta.dir}/index.ts`], {
    env: {
      ...process.env,
      NODE_ENV: "test",
      PORT: String(port),
      DATABASE_URL: database.url.replace(/role(=|%3D)\w+/, "role$1evx_serving"),
      // Two servers of one venue know each other's tokens.
      PUBLIC_URL: "http://localhost:3000",
      AUTH_SECRET: "a secret of the downloads' test, long enough",
      BCRYPT_COST: "4",
      DRAIN_SECONDS: "1",
      LOG_LEVEL: "silent",
    },
    stdout: "ignore",
    stderr: "inherit",
  });
  const url = `http://127.0.0.1:${port}`;
  for (let tries = 0; tries < 300; tries++) {
    const up = await fetch(`${url}/health/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (up) break;
    await Bun.sleep(100);
  }
  return { port, url, child };
};

/** A file of a report that is done, as a worker leaves it, and its fingerprint. */
const aLongFile = async (url: string, token: string) => {
  const { text } = await restClient(url).post(
    "/api/reports/exports",
    { report: "revenue", format: "csv" },
    { token },
  );
  const id = text("export.id");
  const print = createHash("sha256");
  for (let seq = 0; seq < parts; seq++) {
    const content = Buffer.alloc(part_bytes, `${seq},0.100000\r\n`);
    print.update(content);
    await sql`insert into reports.export_part (export_id, run, seq, content) values (${id}, 'r', ${seq}, ${content})`.execute(
      database.admin,
    );
  }
  await sql`update reports.export set status = 'done', run = 'r', bytes = ${whole_bytes}, finished_at = now()
    where id = ${id}`.execute(database.admin);
  return { path: `/api/reports/exports/${id}/file`, print: print.digest("hex") };
};

/** Reads an answer as slowly as told: the body's chunks without their frames, and whether the end was said. */
const download = (port: number, path: string, token: string) => {
  const socket = connect(port, "127.0.0.1");
  const arrived: Buffer[] = [];
  const begun = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<void>();
  socket.on("data", (bytes) => {
    arrived.push(Buffer.from(bytes));
    begun.resolve();
  });
  for (const end of ["end", "close", "error"] as const) socket.on(end, () => ended.resolve());
  socket.write(
    `GET ${path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${token}\r\nconnection: close\r\n\r\n`,
  );
  const read = (): { body: Buffer; whole: boolean } => {
    const all = Buffer.concat(arrived);
    const chunks: Buffer[] = [];
    for (let at = all.indexOf("\r\n\r\n") + 4; ; ) {
      const line = all.indexOf("\r\n", at);
      const length = line < 0 ? Number.NaN : Number.parseInt(all.subarray(at, line).toString(), 16);
      if (length === 0) return { body: Buffer.concat(chunks), whole: true };
      const chunk = Number.isNaN(length) ? all.subarray(0, 0) : all.subarray(line + 2, line + 2 + length);
      chunks.push(chunk);
      if (Number.isNaN(length) || chunk.length < length) return { body: Buffer.concat(chunks), whole: false };
      at = line + 2 + length + 2;
    }
  };
  return { socket, begun: begun.promise, ended: ended.promise, read };
};

const printOf = (...bytes: Uint8Array[]) => {
  const hash = createHash("sha256");
  for (const some of bytes) hash.update(some);
  return hash.digest("hex");
};

test("a slow download that fits into the patience is whole; one that does not is cut visibly and read on elsewhere", async () => {
  const leaving = await startServer();
  const staying = await startServer();
  try {
    const rest = restClient(leaving.url);
    const person = { email: "d@downloads.example", password: "a-long-password-1", fullName: "Downloads" };
    await rest.post("/api/users/register", { ...person, role: "ev_owner" });
    const token = (await rest.post("/api/users/login", person)).text("token");
    const { path, print } = await aLongFile(leaving.url, token);

    const slow = download(leaving.port, path, token);
    const stuck = download(leaving.port, path, token);
    await Promise.all([slow.begun, stuck.begun]);
    for (const { socket } of [slow, stuck]) socket.pause();
    const told = performance.now();
    leaving.child.kill("SIGTERM");
    // Well beyond the drain, when nobody new is let in.
    await Bun.sleep(4_000);
    expect(leaving.child.exitCode).toBe(null);
    await expect(fetch(`${leaving.url}/health/live`)).rejects.toThrow();
    slow.socket.resume();
    await slow.ended;
    const came = slow.read();
    expect([came.whole, came.body.length, printOf(came.body)]).toEqual([true, whole_bytes, print]);

    await leaving.child.exited;
    const took_s = (performance.now() - told) / 1_000;
    expect(took_s).toBeGreaterThan(20);
    // Its second of drain, the 25 s for what runs, and the processor that it shares with others.
    expect(took_s).toBeLessThan(40);
    stuck.socket.resume();
    await stuck.ended;
    const cut = stuck.read();
    expect(cut.whole).toBe(false);
    expect(cut.body.length).toBeGreaterThan(0);
    expect(cut.body.length).toBeLessThan(whole_bytes);

    const rested = await fetch(`${staying.url}${path}`, {
      headers: { authorization: `Bearer ${token}`, range: `bytes=${cut.body.length}-`, "if-range": '"r"' },
    });
    expect(rested.status).toBe(206);
    expect(printOf(cut.body, await rested.bytes())).toBe(print);
  } finally {
    for (const { child } of [leaving, staying]) child.kill("SIGKILL");
  }
});
