/**
 * Who learns a stranger's name or address. Every procedure is called by everybody with the ids of people whom they never
 * dealt with, and no answer may hold these people's names, save where `byOffice` says why.
 */
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { userById } from "@evx/accounts";
import { testDatabase } from "@evx/db/testing";
import { refusalOf } from "@evx/rpc";
import { inputs, lasting, objects } from "./objects.ts";
import { aLife, type Composed, compose, type Life, people, type Who } from "./world.ts";

setDefaultTimeout(120_000);

/**
 * What is told by office: identities are checked by name; who takes a request up must see whether they know its owner (in the queue
 * it bears a pseudonym); and an operator answers for everybody.
 */
const byOffice: Partial<Record<Who, RegExp>> = {
  auditor: /^(identity\.kyc\.|verification\.review\.(claim|seenOdometer)$)/,
  admin: /./,
};

const t = await testDatabase({ max: 20 });
let venue: Composed;
let ours: Life;
let theirs: Life;
/** Of grams that the other life's owner has listed. */
let serial = "";
beforeAll(async () => {
  venue = await compose(t);
  ours = await aLife(t, venue);
  theirs = await aLife(t, venue);
  const { provenance } = await venue.doing(null).marketplace.listings.byId({ id: theirs.ids.listing });
  serial = provenance[0]?.serial ?? "";
});
afterAll(() => t.close());

/** Names and addresses of people who hold no public office: an auditor's name stands on what they verified. */
const privateWords = async (life: Life): Promise<string[]> => {
  const words: string[] = [];
  for (const who of ["owner", "buyer", "cva", "admin"] as const) {
    const person = await userById(t.db, life.actors[who].id);
    if (person) words.push(person.fullName, person.email);
  }
  return words;
};

const textOf = async (answer: unknown): Promise<string> => {
  const plain = JSON.stringify(answer, (_, value: unknown) => {
    if (typeof value === "bigint") return String(value);
    if (value instanceof Uint8Array) return new TextDecoder().decode(value);
    return value;
  });
  if (typeof answer !== "object" || answer === null || !(Symbol.asyncIterator in answer)) return plain ?? "";
  const stream = answer as AsyncIterable<unknown>;
  const first = await Promise.race([stream[Symbol.asyncIterator]().next(), Bun.sleep(100)]);
  return JSON.stringify(first) ?? "";
};

/** Calls that name somebody, beyond those of the table of rights. */
const more: Record<string, (life: Life) => Record<string, unknown>> = {
  "credits.transfer": ({ actors }) => ({ toUserId: actors.owner.id, amount: "0.01" }),
  "credits.registry.timeline": () => ({ serial }),
  "credits.registry.batch": () => ({ number: serial.split("-")[4] }),
  "verification.certificates.batch": () => ({ number: serial.split("-")[4] }),
};

/** What a call answers somebody who speaks of another's object; nothing where it is refused. */
const answerOf = async (procedure: string, who: Who): Promise<string> => {
  const stopped = new AbortController();
  const { api, stop } = venue.trying(ours.actors[who], stopped.signal, { lasts: lasting.has(procedure) });
  const input = more[procedure]?.(theirs) ?? objects[procedure]?.(theirs, who) ?? inputs[procedure] ?? {};
  try {
    let call: unknown = api;
    for (const part of procedure.split(".")) call = (call as Record<string, unknown>)[part];
    return await textOf(await (call as (input?: unknown) => Promise<unknown>)(input));
  } catch (error) {
    const refusal = refusalOf(error);
    if (!refusal) throw new Error(`${procedure} failed for ${who}`, { cause: error });
    return JSON.stringify(refusal);
  } finally {
    stopped.abort();
    stop();
  }
};

test("no answer tells a stranger's name or address to whoever has no office that needs it", async () => {
  const words = await privateWords(theirs);
  const leaks: string[] = [];
  let seen = 0;
  for (const procedure of Object.keys(venue.router._def.procedures).sort())
    for (const who of people) {
      const text = await answerOf(procedure, who);
      const found = words.filter((word) => text.includes(word));
      if (found.length === 0) continue;
      seen++;
      if (!byOffice[who]?.test(procedure)) leaks.push(`${procedure} tells ${who}: ${found.join(", ")}`);
    }
  expect(leaks).toEqual([]);
  // Those with an office do see names, so the search can find one.
  expect(seen).toBeGreaterThan(5);
});
