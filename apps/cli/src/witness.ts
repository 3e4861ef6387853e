import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { systemClock } from "@evx/kernel";
import { createWitness } from "@evx/log/witness";
import { fromBase64url, generateSigningKey, readSigningKeys } from "@evx/proof";
import { noteKeyText, readNoteKey } from "@evx/proof/log";
import { untilTold } from "@evx/runtime";
import { Failed } from "./failed.ts";

/** A witness's own secret, made at its first start. */
const secretIn = (folder: string): string => {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, "witness.key");
  if (!existsSync(file)) writeFileSync(file, generateSigningKey(), { mode: 0o600 });
  return readFileSync(file, "utf8").trim();
};

/** A witness's key as its venue is told it: name+hash+key. Makes the key where there is none. */
const witnessKey = async (folder: string, name: string): Promise<string> => {
  const { current } = await readSigningKeys(secretIn(folder));
  const publicKey = fromBase64url(current.publicKey);
  if (!publicKey) throw new Failed("This runtime gave no public key.");
  return noteKeyText({ name, kind: "witness", publicKey });
};

export type WitnessOptions = {
  name: string;
  log: string;
  folder: string;
  port?: number | undefined;
  /** The address it listens at: all of the machine's where none is named. */
  host?: string | undefined;
};

/** Runs a witness until it is told to end. It needs no venue and no database: anybody may run one anywhere. */
export const runWitness = async (options: WitnessOptions): Promise<void> => {
  const { name, log, folder, port = 4040, host } = options;
  const logs = log.split(",").map((text) => {
    const key = readNoteKey(text.trim());
    if (key?.kind !== "log") throw new Failed(`${text} is not a log's key: write name+hash+key.`);
    return key;
  });
  const key = (await readSigningKeys(secretIn(folder))).current;
  const fetch = createWitness({ name, key, logs, folder, clock: systemClock });
  const server = Bun.serve({ port, ...(host ? { hostname: host } : {}), fetch });
  console.error(`${await witnessKey(folder, name)} listens at ${server.url.href}`);
  await untilTold();
  await server.stop();
};
