/**
 * The year of the town as it lies in the repository: laid out by the verbs once (`bun run town`), kept as rows, and made this
 * machine's own at each start. Nothing of it has been public when that is done: its log has no checkpoint yet, and the key
 * that signed its certificates was thrown away.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { createPool } from "@evx/db";
import { restore } from "@evx/db/backup";
import { canonical, readSigningKeys, type SigningKey, utf8 } from "@evx/proof";

const clientOf = (pool: ReturnType<typeof createPool>) => pool.connect();
type Client = Awaited<ReturnType<typeof clientOf>>;

const folder = "apps/cli/src/seed/year";

/** The file with the rows. */
export const rowsOf = (root: string): string => join(root, folder, "rows.backup");

/** The file with what a later run needs to know of the town. */
export const townOf = (root: string): string => join(root, folder, "town.json.gz");

/** The moment that the kept year was laid out for, as ISO 8601. */
export const keptFor = async (root: string): Promise<string> =>
  (JSON.parse(gunzipSync(await Bun.file(townOf(root)).bytes()).toString()) as { at: string }).at;

const sha256 = (text: string): string => new Bun.CryptoHasher("sha256").update(text).digest("hex");

type Signed = { id: string; document: string };

/** The certificates under this address and key; answers what stood for each before, and what stands for it now. */
const signAnew = async (client: Client, publicUrl: string, key: SigningKey) => {
  const { rows } = await client.query<Signed>("select id, document from verification.certificate");
  const instead = new Map<string, string>();
  const made = await Promise.all(
    rows.map(async ({ id, document }) => {
      const told = JSON.parse(document);
      const { pathname } = new URL(told.verifyUrl);
      const text = canonical({ ...told, keyId: key.id, verifyUrl: `${publicUrl}${pathname}` });
      instead.set(sha256(document), sha256(text));
      return { id, text, signature: await key.sign(utf8(text)) };
    }),
  );
  await client.query(
    `update verification.certificate c set document = n.document, signature = n.signature, key_id = $4
     from unnest($1::text[], $2::text[], $3::text[]) n (id, document, signature) where n.id = c.id`,
    [made.map(({ id }) => id), made.map(({ text }) => text), made.map(({ signature }) => signature), key.id],
  );
  return instead;
};

/** This venue's key in place of the one that signed when the year was laid out. */
const exchangeKey = async (client: Client, key: SigningKey, instead: Map<string, string>) => {
  const { rows } = await client.query<{ id: string; public_key: string }>(
    "select id, public_key from verification.signing_key",
  );
  const [old, ...others] = rows;
  if (!old || others.length > 0) throw new Error("The prepared year was not signed by one key.");
  instead.set(old.id, key.id);
  instead.set(old.public_key, key.publicKey);
  await client.query("update verification.signing_key set id = $1, public_key = $2", [key.id, key.publicKey]);
};

/** Entries of the log name certificates by their hash, and the key. */
const enterAnew = async (client: Client, instead: ReadonlyMap<string, string>) => {
  const { rows } = await client.query<{ id: string; subject: string; body: string }>(
    "select id, subject, convert_from(body, 'UTF8') as body from log.pending",
  );
  const now = (text: string) => text.replace(/[\w-]{20,}/g, (word) => instead.get(word) ?? word);
  await client.query(
    `update log.pending p set subject = n.subject, body = convert_to(n.body, 'UTF8')
     from unnest($1::bigint[], $2::text[], $3::text[]) n (id, subject, body) where n.id = p.id`,
    [rows.map(({ id }) => id), rows.map(({ subject }) => now(subject)), rows.map(({ body }) => now(body))],
  );
};

/** Makes a restored year the own one of the venue at this address, with this key. Throws where anything of it may be public. */
export const makeOwn = async (adminUrl: string, { publicUrl, signingKey }: Own): Promise<void> => {
  const { current: key } = await readSigningKeys(signingKey);
  const pool = createPool(adminUrl);
  const client = await clientOf(pool);
  try {
    await client.query("begin");
    // Past the guards, which keep what people hold from being changed: nobody holds any of this.
    await client.query("set local session_replication_role = replica");
    const { rows } = await client.query("select 1 from log.checkpoint limit 1");
    if (rows.length > 0) throw new Error("The prepared year has a checkpoint: what it covers cannot change.");
    const instead = await signAnew(client, publicUrl, key);
    await exchangeKey(client, key, instead);
    await enterAnew(client, instead);
    await client.query("commit");
  } finally {
    client.release();
    await pool.end();
  }
};

export type Own = { publicUrl: string; signingKey: string };

/** Makes a new database of the prepared year, and answers its owner's url. */
export const restoreYear = async (
  serverUrl: string,
  { root, name, ...own }: Own & { root: string; name: string },
): Promise<string> => {
  const file = rowsOf(root);
  if (!existsSync(file)) throw new Error(`${file} is missing: bun run town makes it anew.`);
  const admin = await restore(serverUrl, { file, database: name });
  await makeOwn(admin, own);
  return admin;
};
