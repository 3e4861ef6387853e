import { createAppRouter, type Ports } from "@evx/api";
import { type Meta, summaryOf } from "@evx/rpc";
import { readScriptSettings } from "@evx/runtime";
import { initTRPC } from "@trpc/server";
import { parseRouter } from "trpc-cli";
import { replayFile } from "./auction.ts";
import { drill, makeBackup, restoreBackup } from "./backups.ts";
import { verifyFile } from "./certificate.ts";
import { rotateKeys, verifyTrail } from "./duties.ts";
import { Failed } from "./failed.ts";
import { firstAdmin } from "./first-admin.ts";
import { addKeys, withdrawKey } from "./keys.ts";
import { optionsOf } from "./options.ts";
import { verifyRegistry, watchRegistry } from "./registry.ts";
import { scaleOut } from "./scale.ts";
import { uploadOf, uploadOptions } from "./uploads.ts";
import { type Kind, sentenceOf, type Venue } from "./venues.ts";
import { runWitness, type WitnessOptions } from "./witness.ts";

/** Procedures are looked at here and called elsewhere, so what they would need from outside is never asked for. */
const shapes = () =>
  createAppRouter({
    identity: {},
    vehicles: {},
    verification: {},
    payments: {},
    marketplace: {},
    notifications: {},
  } as unknown as Ports);

type Definition = { _def: { type: string; meta?: Meta } };
type Parsed = { inputSchemas: { success: boolean; value?: unknown[] } };
type Branch = { [name: string]: Branch | unknown };

const t = initTRPC.create();

/** An input as a command line takes it: options by its JSON schema; the venue itself checks what is sent. */
const takes = (schema: unknown) => ({
  "~standard": { vendor: "trpc-cli", version: 1 as const, validate: (value: unknown) => ({ value }) },
  toJsonSchema: () => schema,
});

/** Left out: live updates, and what only makes sense in a browser's session. */
const isCommand = (type: string, meta: Meta | undefined): type is Kind =>
  (type === "query" || type === "mutation") && !meta?.session;

/** Does work at a venue that is opened for it and closed after it. */
type AtVenue = <T>(work: (venue: Venue) => Promise<T>) => Promise<T>;

const atVenue =
  (open: () => Promise<Venue>): AtVenue =>
  async (work) => {
    try {
      const venue = await open();
      try {
        return await work(venue);
      } finally {
        await venue.close();
      }
    } catch (error) {
      // The parser would take a refusal's issues for its own and write them in its way.
      throw error instanceof Failed ? error : new Failed(sentenceOf(error));
    }
  };

/** Every procedure of the API, in branches as its path says: `identity users search`. */
const procedures = (at: AtVenue): Branch => {
  const router = shapes();
  const definitions = router._def.procedures as unknown as Record<string, Definition>;
  const tree: Branch = {};
  for (const [path, info] of parseRouter({ router }) as unknown as [string, Parsed][]) {
    const { type = "", meta } = definitions[path]?._def ?? {};
    if (!isCommand(type, meta)) continue;
    const rest = meta?.rest;
    const isUpload = rest?.body === "stream";
    const options = optionsOf(info.inputSchemas.value?.[0]);
    const schema = isUpload ? uploadOptions(options) : options;
    const described = t.procedure.meta({ description: summaryOf(meta) ?? "" });
    const procedure = schema ? described.input(takes(schema)) : described;
    const parts = path.split(".");
    const name = parts.pop() ?? path;
    let branch = tree;
    for (const part of parts) {
      branch[part] ??= {};
      branch = branch[part] as Branch;
    }
    const run = ({ input }: { input: unknown }) =>
      at(async (venue) => {
        if (rest && isUpload) {
          const upload = await uploadOf(input);
          return venue.send(path, rest, upload.rest, upload.file);
        }
        return rest?.file ? venue.fetch(path, rest, input) : venue.invoke(path, type, input);
      });
    branch[name] = type === "query" ? procedure.query(run) : procedure.mutation(run);
  }
  return tree;
};

const text = (description: string) => ({ type: "string", description });

const auditVerify = (at: AtVenue) =>
  t.procedure
    .meta({
      description:
        "Recompute the whole audit trail. Fails when a line was changed, moved or taken out. Keep the answer elsewhere: given back with --noted it also betrays lines that were cut off at the end",
    })
    .input(takes({ type: "object", properties: { noted: text("A file with the answer of an earlier run") } }))
    .query(({ input }) => at((venue) => verifyTrail(venue, (input as { noted?: string }).noted)));

const keysRotate = (at: AtVenue) =>
  t.procedure
    .meta({
      description:
        "Seal all identity documents and bank accounts with the first key of DATA_KEYS; afterwards older keys can go",
    })
    .mutation(() => at(rotateKeys));

const keysAdd = t.procedure
  .meta({
    description:
      "Publish the certificates' keys of SIGNING_KEY, each vouched for by the one before it. Needs DATABASE_ADMIN_URL; before servers start with a new key",
  })
  .mutation(() => addKeys(readScriptSettings()));

const keysWithdraw = t.procedure
  .meta({
    description:
      "End a key of certificates that was stolen or is retired; what it signed before stands. Needs DATABASE_ADMIN_URL. Add a new key first",
  })
  .input(
    takes({
      type: "object",
      required: ["id", "reason"],
      properties: {
        id: text("The key's id, such as ed25519-0123456789abcdef"),
        reason: text("Why; everybody reads it"),
      },
    }),
  )
  .mutation(({ input }) =>
    withdrawKey(input as unknown as { id: string; reason: string }, readScriptSettings().adminUrl),
  );

const backupFile = (description: string) => ({ type: "string", title: "FILE", description });

const backup = t.procedure
  .meta({ description: "Write the whole database into one file, as of one moment. Needs DATABASE_ADMIN_URL" })
  .input(takes({ type: "array", minItems: 1, maxItems: 1, items: [backupFile("The file to write")] }))
  .mutation(({ input }) =>
    makeBackup({ file: (input as [string])[0], adminUrl: readScriptSettings().adminUrl }),
  );

const restoring = t.procedure
  .meta({
    description:
      "Make a new database of a backup, at this version's schema. Needs DATABASE_ADMIN_URL of the server",
  })
  .input(
    takes({
      type: "array",
      minItems: 2,
      maxItems: 2,
      items: [
        backupFile("What backup wrote"),
        { type: "string", title: "DATABASE", description: "The name of the new database" },
      ],
    }),
  )
  .mutation(({ input }) => {
    const [file, database] = input as [string, string];
    return restoreBackup({ file, database, adminUrl: readScriptSettings().adminUrl });
  });

const drilling = t.procedure
  .meta({
    description:
      "Prove a backup: restore it into a database of its own, verify registry and books there, and drop it. Needs DATABASE_ADMIN_URL",
  })
  .input(takes({ type: "array", minItems: 1, maxItems: 1, items: [backupFile("What backup wrote")] }))
  .mutation(({ input }) => drill({ file: (input as [string])[0], adminUrl: readScriptSettings().adminUrl }));

const scaling = t.procedure
  .meta({
    description:
      "Say what spreading cars' rows over a Citus cluster would do; with --go do it, all or nothing. Needs DATABASE_ADMIN_URL",
  })
  .input(
    takes({
      type: "object",
      properties: { go: { type: "boolean", description: "Do it, instead of saying it" } },
      additionalProperties: false,
    }),
  )
  .mutation(({ input }) =>
    scaleOut({
      go: typeof input === "object" && input !== null && "go" in input && input.go === true,
      adminUrl: readScriptSettings().adminUrl,
    }),
  );

const makingFirstAdmin = t.procedure
  .meta({
    description:
      "Make an account the venue's first administrator; not while there is one. Needs DATABASE_URL",
  })
  .input(
    takes({
      type: "array",
      minItems: 1,
      maxItems: 1,
      items: [
        { type: "string", title: "EMAIL", description: "The address of an account that has signed up" },
      ],
    }),
  )
  .mutation(({ input }) => firstAdmin((input as [string])[0]));

const certificateVerify = t.procedure
  .meta({
    description:
      "Check a certificate's signature, number, serial numbers, revocation as of the file and, given a proof, that a trip is in it. Without network, database or account",
  })
  .input(
    takes({
      type: "array",
      items: [
        {
          type: "string",
          title: "FILE",
          description: "The certificate's JSON file, or the address in its QR code",
        },
        {
          type: "object",
          properties: {
            proof: text("A trip's inclusion proof (JSON)"),
            key: text("The venue's public keys (JSON of /api/public/keys), which you trust"),
          },
        },
      ],
    }),
  )
  .query(({ input }) => {
    const [file, more] = input as unknown as [string, { proof?: string; key?: string }];
    return verifyFile(file, more);
  });

const auctionReplay = t.procedure
  .meta({
    description:
      "Play a closed auction again from its downloaded log: proves winner and price. Without network, database or account",
  })
  .input(
    takes({
      type: "array",
      items: [
        {
          type: "string",
          title: "FILE",
          description: "The log as its page or GET /api/marketplace/listings/ID/bids gives it, in one file",
        },
      ],
    }),
  )
  .query(({ input }) => replayFile((input as unknown as [string])[0]));

const rebuild = (at: AtVenue, path: string, description: string) =>
  t.procedure.meta({ description }).mutation(() => at((venue) => venue.invoke(path, "mutation", undefined)));

/** The read models, each of which is built again from the rows that the truth is in. */
const rebuilds = (at: AtVenue): Branch => ({
  reports: rebuild(at, "reports.rebuild", "Build the reports' sums again from the rows that the truth is in"),
  pricing: rebuild(
    at,
    "pricing.rebuild",
    "Build the sales that hints lean on again from the completed orders",
  ),
  days: rebuild(at, "vehicles.rebuildDays", "Count all trips again by their vehicles' local days"),
});

const registryMonitor = t.procedure
  .meta({
    description:
      "Watch a registry from outside: follow its log, replay every entry, and hold it against what it shows. Needs no account",
  })
  .input(
    takes({
      type: "array",
      items: [
        { type: "string", title: "URL", description: "The registry's address" },
        {
          type: "object",
          properties: { state: text("A file in which to remember the log from run to run") },
        },
      ],
    }),
  )
  .query(({ input }) => {
    const [url, more] = input as unknown as [string, { state?: string } | undefined];
    return watchRegistry(url, more);
  });

const registryVerify = (at: AtVenue) =>
  t.procedure
    .meta({
      description:
        "Compare every row with the public log, check every signature and the audit trail, from inside",
    })
    .input(
      takes({
        type: "object",
        properties: { state: text("A file in which to remember the log from run to run") },
      }),
    )
    .query(({ input }) => at((venue) => verifyRegistry(venue, input as { state?: string })));

const witness = t.procedure
  .meta({ description: "Run a witness: it puts its name under a log's checkpoints, and under no fork" })
  .input(
    takes({
      type: "object",
      required: ["name", "log", "folder"],
      properties: {
        name: text("The witness's name, such as university.example/evx"),
        log: text("Keys of the logs to watch (name+hash+key), between commas"),
        folder: text("Where it keeps its key and what it saw"),
        port: { type: "number", description: "4040 unless given" },
        host: text("The address it listens at; all of the machine's unless given"),
      },
    }),
  )
  .mutation(({ input }) => runWitness(input as unknown as WitnessOptions));

/**
 * Every procedure as a command: `identity users search --q lan`. Beside them what an operator does with the whole:
 * `audit verify`, `keys rotate`, and `certificate verify`, which needs no venue at all.
 */
export const commandsFor = (open: () => Promise<Venue>) => {
  const at = atVenue(open);
  const tree: Branch = {
    ...procedures(at),
    auction: { replay: auctionReplay },
    backup,
    scale: scaling,
    restore: restoring,
    drill: drilling,
    "first-admin": makingFirstAdmin,
    audit: { verify: auditVerify(at) },
    keys: { add: keysAdd, rotate: keysRotate(at), withdraw: keysWithdraw },
    rebuild: rebuilds(at),
    certificate: { verify: certificateVerify },
    registry: { monitor: registryMonitor, verify: registryVerify(at) },
    witness,
  };
  return t.router(tree as Parameters<typeof t.router>[0]);
};
