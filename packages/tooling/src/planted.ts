/**
 * `bun run planted [WORDS]`: takes each guard of `docs/security.md` out, one at a time, and runs the test that must notice. A
 * test that passes without its guard is a defect; so is a guard that is written in other words than here. Files are put
 * back as they were, also when this is stopped.
 */
import { join } from "node:path";

export type Planted = {
  /** The guard's file, what stands there, and what stands there when it is taken out. */
  readonly file: string;
  readonly guard: string;
  readonly without: string;
  /** The test that must fail: its file, and a part of its name. */
  readonly test: string;
  readonly named: string;
};

const root = join(import.meta.dir, "../../..");

export const planted: readonly Planted[] = [
  {
    file: "apps/server/src/calls.ts",
    guard: "const mostCalls = 20;",
    without: "const mostCalls = 2_000;",
    test: "apps/server/src/batches.test.ts",
    named: "500 are refused by a sentence",
  },
  {
    file: "apps/server/src/calls.ts",
    guard: "return decodeURIComponent(path);",
    without: "return path;",
    test: "apps/server/src/batches.test.ts",
    named: "a comma that is written otherwise parts calls as well",
  },
  {
    file: "packages/people/accounts/src/proofs.ts",
    guard: 'if (actor.scopes) throw refuse("session_required");',
    without: "",
    test: "packages/people/accounts/src/doors.test.ts",
    named: "of an operator make no administrators",
  },
  {
    file: "packages/ground/rpc/src/live.ts",
    guard: "if (now >= most) throw",
    without: "if (now >= most * 1_000) throw",
    test: "packages/ground/rpc/src/rpc.test.ts",
    named: "one person has so many streams at once",
  },
  {
    file: "apps/server/src/calls.ts",
    guard: "return metas.reduce((sum, meta) => sum + pointsOfCall(meta), 0);",
    without: "return 1;",
    test: "apps/server/src/batches.test.ts",
    named: "each call is charged",
  },
  {
    file: "apps/server/src/unread.ts",
    guard: "if (c.res.status < 400 || !body || body.locked) return;",
    without: "if (c.res.status > 0) return;",
    test: "apps/server/src/batches.test.ts",
    named: "a refusal while the body is still sent",
  },
  {
    file: "apps/server/src/app.ts",
    guard: "return mostCalls;",
    without: "return 0;",
    test: "apps/server/src/batches.test.ts",
    named: "a batch that is refused is charged as well",
  },
  {
    file: "apps/server/src/unread.ts",
    guard: 'headers.set("connection", "close");',
    without: "",
    test: "apps/server/src/unread.test.ts",
    named: "whoever goes on sending after the answer is cut off",
  },
  {
    file: "apps/server/src/unread.ts",
    guard: "await c.req.raw.body?.cancel().catch(() => {});",
    without: "return;",
    test: "apps/server/src/unread.test.ts",
    named: "beyond its share a network's bodies are cut off",
  },
  {
    file: "apps/server/src/app.ts",
    guard: "maxSize: 1_000_000,",
    without: "maxSize: 1_000_000_000,",
    test: "apps/server/src/access.test.ts",
    named: "a body over a megabyte is 413",
  },
  {
    file: "apps/server/src/metrics.ts",
    guard: "mayRead(runtime.config.METRICS_TOKEN, reader)",
    without: "reader",
    test: "apps/server/src/access.test.ts",
    named: "figures are for this machine",
  },
  {
    file: "apps/server/src/labels.ts",
    guard: 'status !== 404 && known.has(shape) ? shape : "/unknown"',
    without: 'status !== 404 ? shape : "/unknown"',
    test: "apps/server/src/labels.test.ts",
    named: "strangers make no series of metrics",
  },
  {
    file: "apps/server/src/traffic.ts",
    guard: "if (running >= most || own >= share)",
    without: "if (running >= most * 1_000)",
    test: "apps/server/src/faults.test.ts",
    named: "is told so at once",
  },
  {
    file: "packages/ground/rpc/src/trpc.ts",
    guard: "return passingFault(error.cause);",
    without: "return null;",
    test: "apps/server/src/faults.test.ts",
    named: "is a 503 with a sentence",
  },
  {
    file: "packages/ground/rpc/src/live.ts",
    guard: 'if (stopped()) throw refuse("server_leaving", { seconds: 1 });',
    without: "if (stopped()) return;",
    test: "apps/server/src/faults.test.ts",
    named: "is not ready first",
  },
  {
    file: "packages/ground/rpc/src/trpc.ts",
    guard: 'if (error.code === "METHOD_NOT_SUPPORTED") return refuse("method_wrong", {}, { cause: error });',
    without: "",
    test: "apps/server/src/batches.test.ts",
    named: "wrong methods and media",
  },
  {
    file: "packages/ground/rpc/src/live.ts",
    guard: "if (!yes) ended.abort();",
    without: "",
    test: "packages/api/src/suspended.test.ts",
    named: "an open stream ends within a second",
  },
  {
    file: "packages/people/accounts/src/rate-limits.ts",
    guard: "if (close.length > 0) throw",
    without: "if (close.length > 100) throw",
    test: "packages/people/accounts/src/doors.test.ts",
    named: "a hundred at once pass no more than ten",
  },
  {
    file: "packages/ground/kernel/src/network.ts",
    guard: "return prefix(groups, 4);",
    without: "return address.trim();",
    test: "packages/people/accounts/src/doors.test.ts",
    named: "from one network of IPv6 they count together",
  },
  {
    file: "packages/people/accounts/src/rate-limits.ts",
    guard: "if (wide.length > 0 && !(await isKnownPlace(db, attempt.email, network)))",
    without: "if (wide.length > 0)",
    test: "packages/people/accounts/src/doors.test.ts",
    named: "from many addresses they are slowed down",
  },
  {
    file: "packages/people/accounts/src/proofs.ts",
    guard: "await chargeProof(db, ctx.actor.id, settings.signInFailures);",
    without: "",
    test: "packages/people/accounts/src/doors.test.ts",
    named: "a stolen session may not guess the password",
  },
  {
    file: "packages/people/accounts/src/passwords.ts",
    guard: "const keysEnded = await deleteKeysOf(tx, userId);",
    without: "const keysEnded = 0;",
    test: "packages/people/accounts/src/doors.test.ts",
    named: "end with a reset of the password",
  },
  {
    file: "packages/people/accounts/src/passwords.ts",
    guard: "await outdateLinks(tx, userId);",
    without: "",
    test: "packages/people/accounts/src/doors.test.ts",
    named: "a link that was sent before the password was changed",
  },
  {
    file: "packages/people/accounts/src/queries/sessions.ts",
    guard:
      "cross join lateral (select least(s.expires_at, s.created_at + make_interval(days => 90)) as at) e",
    without: "cross join lateral (select s.expires_at as at) e",
    test: "packages/people/accounts/src/doors.test.ts",
    named: "a session ends after ninety days",
  },
  {
    file: "packages/people/accounts/src/api-keys.ts",
    guard: "await freshProof(ctx, accounts, password);",
    without: "",
    test: "packages/people/accounts/src/doors.test.ts",
    named: "need a proof of the last ten minutes",
  },
  {
    file: "packages/people/accounts/src/users.ts",
    guard: "const row = await userRow(db, id);\n  return row && !row.suspended_at ?",
    without: "const row = await userRow(db, id);\n  return row ?",
    test: "packages/api/src/suspended.test.ts",
    named: "a box that sends trips is refused with its owner",
  },
  {
    file: "apps/server/src/app.ts",
    guard: "const body = await arrived(raw, small_bytes);",
    without: "const body = await traffic.admit(whoseOf(c), () => arrived(raw, small_bytes));",
    test: "apps/server/src/slow.test.ts",
    named: "thirty bodies that are dribbled keep nobody out",
  },
  {
    file: "packages/api/src/rest/input.ts",
    guard: "most: known ? heldOfForm.known : heldOfForm.stranger,",
    without: "most: known || true ? heldOfForm.known : heldOfForm.stranger,",
    test: "packages/api/src/rest/arrival.test.ts",
    named: "of a stranger's form little is held",
  },
  {
    file: "packages/fleet/telematics/src/polling.ts",
    guard: "if (!(await asksFor(job, row)))",
    without: "if (!row.id)",
    test: "packages/fleet/telematics/src/connections.test.ts",
    named: "a car whose owner was suspended is not asked",
  },
  {
    file: "packages/people/accounts/src/common-passwords.ts",
    guard: "&& !common.has(plain)",
    without: "",
    test: "packages/people/accounts/src/common-passwords.test.ts",
    named: "what attackers try first is refused",
  },
  {
    file: "packages/ground/kernel/src/schema.ts",
    guard: '.normalize("NFC").replace(unseen, "")',
    without: "",
    test: "packages/api/src/texts.test.ts",
    named: "no procedure takes text in which something is hidden",
  },
  {
    file: "packages/ground/kernel/src/gate.ts",
    guard: "if (line.length >= waiting)",
    without: "if (line.length >= waiting * 1_000)",
    test: "packages/ground/kernel/src/gate.test.ts",
    named: "so many run at once, so many wait",
  },
  {
    file: "packages/ground/files/src/draw.ts",
    guard: "const bytes = await gate(() => ask(module, name, args));",
    without: "const bytes = await ask(module, name, args);",
    test: "packages/ground/files/src/draw.test.ts",
    named: "beyond a bounded line",
  },
  {
    file: "packages/api/src/rest/index.ts",
    guard: "|| meta.notRepeatable",
    without: "",
    test: "apps/server/src/secrets.test.ts",
    named: "nothing of it stands in any column",
  },
  {
    file: "packages/people/accounts/src/queries/sessions.ts",
    guard: "s.kind = 'web' and e.at > clock_timestamp()`.execute(db);",
    without: "s.kind = 'web'`.execute(db);",
    test: "packages/people/accounts/src/clocks.test.ts",
    named: "what is over by the database's clock is over",
  },
  {
    file: "packages/carbon/certificates/src/reviewers.ts",
    guard:
      "const of = (rows: typeof requests) => rows.map(({ owner_id }) => owner_id);\n  const known = new Set([...staff, ...of(requests.filter((row) => seesOwner(viewer, row)))]);",
    without:
      "const of = (rows: typeof requests) => rows.map(({ owner_id }) => owner_id);\n  const known = new Set([...staff, ...of(requests)]);",
    test: "packages/carbon/review/src/review.test.ts",
    named: "an auditor reads a pseudonym in the queue",
  },
  {
    file: "packages/carbon/certificates/src/certificates.ts",
    guard: "publicNames(tx, [holderId])",
    without: "displayNames(tx, [holderId])",
    test: "packages/carbon/certificates/src/certificates.test.ts",
    named: "names a person by a pseudonym that stays",
  },
  {
    file: "packages/carbon/credits/src/wallets.ts",
    guard: "return { userId, name: initialsOf(name) };",
    without: "return { userId, name };",
    test: "packages/api/src/authorization/names.test.ts",
    named: "no answer tells a stranger's name",
  },
  {
    file: "packages/readers/notifications/src/templates.ts",
    guard: ": withoutLinks(value);",
    without: ": value;",
    test: "packages/readers/notifications/src/templates.test.ts",
    named: "becomes no link and no markup",
  },
  {
    file: "packages/people/accounts/src/letters.ts",
    guard: "() => withoutLinks(name)",
    without: "() => name",
    test: "packages/people/accounts/src/letters.test.ts",
    named: "no letter of any kind carries a link",
  },
  {
    file: "db/functions/verification/add_key.sql",
    guard: "and not pg_has_role(caller, (",
    without: "and caller = '' and not pg_has_role(caller, (",
    test: "packages/carbon/certificates/src/standing.test.ts",
    named: "no role of the application can add one",
  },
  {
    file: "packages/people/kyc/src/papers.ts",
    guard:
      "text.replace(/#([0-9a-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));",
    without: "text;",
    test: "packages/people/kyc/src/uploads.test.ts",
    named: "hides the name of its script",
  },
];

/** Runs one test; answers what it said and whether it failed: a test that is not there has not. */
const runs = async ({ test, named }: Planted): Promise<{ failed: boolean; said: string }> => {
  const [folder = "", file = ""] = test.split("/src/");
  const pattern = named.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const child = Bun.spawn([process.execPath, "test", `src/${file}`, "-t", pattern, "--timeout=30000"], {
    cwd: join(root, folder),
    stdout: "pipe",
    stderr: "pipe",
    stdin: "ignore",
  });
  const said = (await new Response(child.stdout).text()) + (await new Response(child.stderr).text());
  await child.exited;
  return { failed: /^\(fail\)/m.test(said), said };
};

/** Takes a guard out while something is done, and puts the file back as it was. */
const without = async <T>({ file, guard, without: hole }: Planted, work: () => Promise<T>): Promise<T> => {
  const path = join(root, file);
  const whole = await Bun.file(path).text();
  if (whole.split(guard).length !== 2) throw new Error(`${file} does not hold this guard once: ${guard}`);
  const back = () => Bun.write(path, whole);
  const stopped = () => void back().then(() => process.exit(130));
  process.once("SIGINT", stopped);
  process.once("SIGTERM", stopped);
  try {
    await Bun.write(
      path,
      whole.replace(guard, () => hole),
    );
    return await work();
  } finally {
    await back();
    process.off("SIGINT", stopped);
    process.off("SIGTERM", stopped);
  }
};

if (import.meta.main) {
  const wanted = process.argv[2] ?? "";
  const unnoticed: string[] = [];
  for (const one of planted) {
    if (!`${one.file} ${one.test} ${one.named}`.includes(wanted)) continue;
    const { failed, said } = await without(one, () => runs(one));
    console.log(`${failed ? "noticed  " : "UNNOTICED"}  ${one.file}: "${one.named}"`);
    if (!failed) unnoticed.push(`${one.named}\n${said.split("\n").slice(-8).join("\n")}`);
  }
  if (unnoticed.length > 0) console.error(`\n${unnoticed.join("\n\n")}`);
  process.exit(unnoticed.length > 0 ? 1 : 0);
}
