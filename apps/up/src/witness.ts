import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fromBase64url, generateSigningKey, readSigningKeys } from "@evx/proof";
import { type NoteKeyKind, noteKeyText } from "@evx/proof/log";

const textOf = async (name: string, kind: NoteKeyKind, secret: string): Promise<string> => {
  const { current } = await readSigningKeys(secret);
  const publicKey = fromBase64url(current.publicKey);
  if (!publicKey) throw new Error("This runtime gave no public key for an Ed25519 key.");
  return noteKeyText({ name, kind, publicKey });
};

type Names = { readonly log: string; readonly witness: string };

/**
 * What the world's log and its witness are called. Neither may ever change, or every checkpoint so far is of a stranger:
 * the first start writes the names down, and a world that is started on another port keeps them.
 */
const namesIn = (folder: string, host: string): Names => {
  const file = join(folder, "names.json");
  if (!existsSync(file))
    writeFileSync(file, JSON.stringify({ log: `${host}/log`, witness: `${host}/witness` } satisfies Names));
  return JSON.parse(readFileSync(file, "utf8"));
};

/**
 * The witness that a world runs beside itself, so that the way is alive: how to start it, and what server and worker
 * are told of it. It proves nothing to others, who run their own.
 */
export const witnessOf = async (
  { dataDir, port }: { dataDir: string; port: number },
  env: Record<string, string>,
): Promise<{ args: string[]; env: Record<string, string>; port: number }> => {
  const folder = join(dataDir, "witness");
  const file = join(folder, "witness.key");
  mkdirSync(folder, { recursive: true });
  if (!existsSync(file)) writeFileSync(file, generateSigningKey(), { mode: 0o600 });
  const names = namesIn(folder, new URL(env.PUBLIC_URL ?? `http://localhost:${port}`).host);
  const origin = env.LOG_ORIGIN ?? names.log;
  const log = await textOf(origin, "log", env.LOG_KEY ?? "");
  const key = await textOf(names.witness, "witness", readFileSync(file, "utf8").trim());
  const own = port + 4;
  return {
    port: own,
    args: [
      "apps/cli/src/index.ts",
      "witness",
      "--name",
      names.witness,
      "--log",
      log,
      "--folder",
      folder,
      "--port",
      String(own),
      // As all that a world runs: nobody else's machine speaks to it.
      "--host",
      "127.0.0.1",
    ],
    env: { LOG_ORIGIN: origin, WITNESSES: `http://127.0.0.1:${own}=${key}`, WITNESSES_WANTED: "1" },
  };
};
