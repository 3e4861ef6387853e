import { chown, mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { dirname, join, resolve } from "node:path";
import { findBinaries, makeFolder, type RunAs, reachablePlace, runAs } from "./binaries.ts";
import { isWorkedIn, processOf } from "./processes.ts";

export type StartOptions = {
  /** The cluster's folder; made by the first start. */
  dataDir: string;
  /** 0 takes a free one. A server that already runs on this folder keeps its own. */
  port: number;
  /** False trades what a power cut would lose for speed: for tests only. */
  durable?: boolean;
  /** Told what happens, in sentences. */
  log?: (line: string) => void;
};

export type RunningPostgres = {
  /** The superuser's url, database `postgres`. */
  url: string;
  port: number;
  /** Whether the server was already running. */
  reused: boolean;
  /** Ends the server, whoever started it: breaks off open transactions, and waits until it is gone. */
  stop(): Promise<void>;
};

export type PostgresTrouble = "port_in_use" | "disk_full" | "not_started" | "not_stopped";

/** The embedded server could not start or stop. The message is one sentence for the person at the terminal. */
export class PostgresError extends Error {
  override readonly name = "PostgresError";

  constructor(
    readonly code: PostgresTrouble,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

const settings = {
  listen_addresses: "127.0.0.1",
  // TCP alone: a socket's path has a length limit that a deep checkout would pass.
  unix_socket_directories: "",
  max_connections: "200",
  shared_buffers: "256MB",
  max_wal_size: "2GB",
  timezone: "UTC",
  log_timezone: "UTC",
  log_min_messages: "warning",
  log_checkpoints: "off",
  logging_collector: "off",
};

const carelessSettings = {
  ...settings,
  max_connections: "400",
  shared_buffers: "128MB",
  // It may live in memory: its log must stay small.
  min_wal_size: "32MB",
  max_wal_size: "256MB",
  fsync: "off",
  synchronous_commit: "off",
  full_page_writes: "off",
  wal_level: "minimal",
  max_wal_senders: "0",
  // Tests that provoke a deadlock need not wait the default second.
  deadlock_timeout: "200ms",
};

/** How long a crashed server's rests, or another process that starts or stops the server, may be in the way. */
const patience_ms = 10_000;

/**
 * Starts PostgreSQL on a folder, or finds the server that already runs on it (it outlives the process that
 * started it). Recovers after kill -9 and power loss. Listens on 127.0.0.1 only, with a password of its own.
 * Throws PostgresError.
 */
export const startPostgres = async (options: StartOptions): Promise<RunningPostgres> => {
  const log = options.log ?? (() => {});
  const user = await runAs();
  const dataDir = await reachablePlace(options.dataDir, user);
  const bin = join(await findBinaries(user), "bin");
  if (dataDir !== resolve(options.dataDir)) await claimPlace(resolve(options.dataDir), dataDir, bin, user);
  if (!(await exists(join(dataDir, "PG_VERSION")))) {
    log(`Making a database cluster in ${dataDir}.`);
    await initialize(dataDir, bin, user);
  }
  const deadline = performance.now() + patience_ms;
  for (let tries = 0; ; tries++) {
    const late = performance.now() > deadline;
    if (tries > 0) await Bun.sleep(100);
    const known = await readPidFile(dataDir);
    const holder = known ? await processOf(known.pid) : "gone";
    if (known && holder === "postgres") {
      if (await answers(known)) return handle(dataDir, bin, user, known.port, true);
      if (late) throw classify("another start or stop of it has not ended", options.port, dataDir);
      continue;
    }
    if (holder === "other" && !(await clearPidFile(dataDir)) && !late) continue;

    const port = options.port === 0 ? await freePort() : options.port;
    const started = await launch(dataDir, bin, user, port, options.durable ?? true);
    if (started.ok) return handle(dataDir, bin, user, port, false);
    const trouble = classify(started.output, port, dataDir);
    if (trouble.code === "disk_full" || (trouble.code === "port_in_use" && options.port !== 0)) throw trouble;
    if (late) throw trouble;
    // A crashed server's children hold its memory for about two seconds, or another process was quicker.
    log("The database is not ready yet, trying again.");
  }
};

/**
 * Where a cluster has to live elsewhere, the folder that was asked for holds a note of it. Without the note, what lies
 * there belonged to a folder that has been deleted since: deleting a folder must delete its database.
 */
const claimPlace = async (asked: string, place: string, bin: string, user: RunAs): Promise<void> => {
  const note = join(asked, "where.txt");
  if (await exists(note)) return;
  if (await exists(join(place, "PG_VERSION"))) {
    await (await handle(place, bin, user, 0, true)).stop();
    const leftover = `${place}.${process.pid}.left`;
    await rename(place, leftover);
    await rm(leftover, { recursive: true, force: true });
  }
  await mkdir(asked, { recursive: true });
  await writeFile(note, `${place}\n`);
};

/** The port of the server that runs on a folder now; null when none does. Starts nothing. */
export const runningPort = async (folder: string): Promise<number | null> => {
  const dataDir = await reachablePlace(folder, await runAs());
  const known = await readPidFile(dataDir);
  if (!known || (await processOf(known.pid)) !== "postgres" || !(await answers(known))) return null;
  return known.port;
};

type PidFile = { pid: number; port: number; ready: boolean };

/** postmaster.pid, line by line: process, folder, start, port, socket folder, address, memory, status. */
const readPidFile = async (dataDir: string): Promise<PidFile | null> => {
  const text = await readFile(join(dataDir, "postmaster.pid"), "utf8").catch(() => null);
  const lines = text?.split("\n");
  const pid = Number(lines?.[0]);
  if (!lines || !pid) return null;
  return { pid, port: Number(lines[3]), ready: lines[7]?.trim() === "ready" };
};

/** Whether the server of a pid file lives and speaks: PostgreSQL answers a request for TLS with one letter. */
const answers = async ({ port, ready }: PidFile): Promise<boolean> => {
  if (!ready) return false;
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port }, () =>
      socket.write(Buffer.from("0000000804d2162f", "hex")),
    );
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(1000, () => end(false));
    socket.on("data", (data) => end(["N", "S"].includes(data.toString("latin1", 0, 1))));
    socket.on("error", () => end(false));
    socket.on("close", () => end(false));
  });
};

/**
 * After a crash the number of the old server may belong to another program, and PostgreSQL would then believe
 * that it still runs. Answers false while the old server's children still work in the folder.
 */
const clearPidFile = async (dataDir: string): Promise<boolean> => {
  if (await isWorkedIn(dataDir)) return false;
  await rm(join(dataDir, "postmaster.pid"), { force: true });
  return true;
};

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });

const exists = async (path: string): Promise<boolean> => (await stat(path).catch(() => null)) !== null;

type Outcome = { ok: boolean; output: string };

const run = async (command: string[], cwd: string, user: RunAs): Promise<Outcome> => {
  const child = Bun.spawn(command, {
    ...(user ?? {}),
    cwd,
    // Messages are read by `classify`, so they must not be translated.
    env: { ...process.env, LC_ALL: "C", LANG: "C" },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const [out, err, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  return { ok: code === 0, output: out + err };
};

const passwordFile = (dataDir: string): string => join(dataDir, "evx.password");
const logFile = (dataDir: string): string => join(dataDir, "evx.log");

/** initdb into a folder beside, renamed when whole: a start that was broken off leaves nothing half-made. */
const initialize = async (dataDir: string, bin: string, user: RunAs): Promise<void> => {
  const half = `${dataDir}.${process.pid}.${performance.now().toString(36).replace(".", "")}`;
  const secret = `${half}.password`;
  try {
    await makeFolder(half, user);
    await writeFile(secret, Buffer.from(crypto.getRandomValues(new Uint8Array(24))).toString("hex"), {
      mode: 0o600,
    });
    if (user) await chown(secret, user.uid, user.gid);
    const made = await run(
      [
        join(bin, "initdb"),
        ...["-D", half, "-U", "postgres", "-E", "UTF8", "--auth=scram-sha-256", `--pwfile=${secret}`],
        ...["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"],
        // Nothing is in it yet: a cluster that a power cut halves is made anew. What is stored later is synced as ever.
        ...["--no-instructions", "--no-sync"],
      ],
      half,
      user,
    );
    if (!made.ok) throw classify(made.output, 0, dataDir);
    await rename(secret, passwordFile(half));
    await rename(half, dataDir).catch(async (error: unknown) => {
      // Another process was quicker; its cluster is as good.
      if (await exists(join(dataDir, "PG_VERSION"))) return;
      throw new PostgresError(
        "not_started",
        `No database can be made in ${dataDir}: the folder holds something else, or belongs to another user.`,
        { cause: error },
      );
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOSPC")
      throw classify("No space left on device", 0, dataDir);
    throw error;
  } finally {
    await rm(half, { recursive: true, force: true });
    await rm(secret, { force: true });
  }
};

/** pg_ctl starts the server in a session of its own, so Ctrl-C at the terminal does not reach it. */
const launch = async (
  dataDir: string,
  bin: string,
  user: RunAs,
  port: number,
  durable: boolean,
): Promise<Outcome> => {
  const log = logFile(dataDir);
  await rm(log, { force: true });
  const flags = Object.entries({ ...(durable ? settings : carelessSettings), port })
    .map(([name, value]) => `-c ${name}=${value}`)
    .join(" ");
  const { ok, output } = await run(
    [join(bin, "pg_ctl"), "start", "-s", "-w", "-t", "60", "-D", dataDir, "-l", log, "-o", flags],
    dataDir,
    user,
  );
  return { ok, output: output + (await readFile(log, "utf8").catch(() => "")) };
};

/** The line of an output that says why: the last one of an error, or else the last one. */
const reasonIn = (output: string): string => {
  const lines = output.split("\n").filter((line) => line.trim() !== "");
  const reason =
    lines.findLast((line) => /FATAL|PANIC|error:/.test(line)) ?? lines.at(-1) ?? "it gave no reason";
  return reason.replace(/^.*(?:FATAL|PANIC|error):\s*/, "");
};

const classify = (output: string, port: number, dataDir: string): PostgresError => {
  const cause = output.trim();
  if (/No space left on device|Disk quota exceeded|Check free disk space/i.test(output)) {
    return new PostgresError("disk_full", `There is no disk space left for the database in ${dataDir}.`, {
      cause,
    });
  }
  if (/Address already in use|could not bind/i.test(output)) {
    return new PostgresError(
      "port_in_use",
      `Port ${port} is used by another program: stop it, or choose another port for the database.`,
      { cause },
    );
  }
  return new PostgresError("not_started", `The database in ${dataDir} did not start: ${reasonIn(cause)}`, {
    cause,
  });
};

const handle = async (
  dataDir: string,
  bin: string,
  user: RunAs,
  port: number,
  reused: boolean,
): Promise<RunningPostgres> => {
  const password = (await readFile(passwordFile(dataDir), "utf8")).trim();
  return {
    url: `postgres://postgres:${password}@127.0.0.1:${port}/postgres`,
    port,
    reused,
    stop: async () => {
      const running = await readPidFile(dataDir);
      if (!running || (await processOf(running.pid)) !== "postgres") return;
      // Told at once: whoever stops us may not wait until pg_ctl has started. SIGINT is a fast stop; pg_ctl waits for it.
      if (process.platform !== "win32") process.kill(running.pid, "SIGINT");
      const { ok, output } = await run(
        [join(bin, "pg_ctl"), "stop", "-s", "-w", "-m", "fast", "-t", "30", "-D", dataDir],
        dirname(bin),
        user,
      );
      if (!ok && (await readPidFile(dataDir))) {
        throw new PostgresError("not_stopped", `The database in ${dataDir} did not stop within 30 seconds.`, {
          cause: output.trim(),
        });
      }
      // pg_ctl returns when postmaster.pid is gone, a moment before the process is.
      for (let tries = 0; tries < 100 && (await processOf(running.pid)) === "postgres"; tries++)
        await Bun.sleep(10);
    },
  };
};
