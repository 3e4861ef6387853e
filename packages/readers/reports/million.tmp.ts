import { aUser } from "@evx/accounts/testing";
import { sql } from "@evx/db";
import { testDatabase } from "@evx/db/testing";
import { aVehicle } from "@evx/garage/testing";
import { systemClock } from "@evx/kernel";
import { createCallerFactory } from "@evx/rpc";
import { testContext } from "@evx/rpc/testing";
import { someTrips } from "@evx/trips/testing";
import { reportsRouter } from "./src/router.ts";

const t = await testDatabase();
const N = Number(process.argv[2] ?? 1_100_000);
try {
  const owner = await aUser(t, { role: "ev_owner" });
  const admin = await aUser(t, { role: "admin" });
  const vehicle = await aVehicle(t, owner);
  await someTrips(t, { id: vehicle.id }, { count: 1, distanceKm: 40, from: "2026-01-02T00:00:00Z" });
  let at = performance.now();
  await sql`set session_replication_role = replica`.execute(t.admin).catch(() => {});
  await sql.raw(`insert into vehicles.trip select (r).* from (select jsonb_populate_record(null::vehicles.trip, to_jsonb(x) || jsonb_build_object('id','trp_'||lpad(n::text,26,'0'),'started_at',x.started_at+n*interval '2 s','ended_at',x.ended_at+n*interval '2 s','source_id',null)) as r from (select * from vehicles.trip limit 1) x, generate_series(1,${N - 1}) n) q`).execute(t.admin);
  await sql.raw(`insert into marketplace."order" (id,kind,listing_id,buyer_id,seller_id,status,amount_g,price_minor,currency,total_minor,platform_fee_minor,cva_fee_minor,net_minor,fees_version,payment_id,transfer_id,leg_accounts,leg_amounts,created_at,expires_at,paid_at,ended_at)
   select 'ord_'||lpad(n::text,26,'0'),'purchase','lst_'||lpad('1',26,'0'),'${admin.id}','${owner.id}','completed',100000,1000,'USD',1000,25,10,965,1,'pay_'||lpad(n::text,26,'0'),'txf_'||lpad(n::text,26,'0'),'{}','{}', '2026-01-01'::timestamptz+n*interval '1 s','2026-01-02'::timestamptz+n*interval '1 s','2026-01-02','2026-01-01'::timestamptz+n*interval '1 s' from generate_series(1,${N}) n`).execute(t.admin).then(()=>console.log("orders in"), (e)=>console.log("orders", String(e).slice(0,200)));
  await sql.raw(`insert into marketplace.listing (id,seller_id,kind,status,amount_g,remaining_g,price_minor,currency,vintage_year,country_code,method_code,mixed,words,created_at) values ('lst_'||lpad('1',26,'0'),'${owner.id}','fixed','active',100,100,1,'USD',2026,'VN','m',false,'x',now())`).execute(t.admin);
  await sql`analyze`.execute(t.admin);
  console.log(`rows made in ${((performance.now() - at) / 1000).toFixed(0)} s`);
  const worker = Bun.spawn([process.execPath, "/work/wt/ops/apps/worker/src/index.ts"], { env: { ...process.env, NODE_ENV: "test", DATABASE_URL: t.url.replace(/role(=|%3D)\w+/, "role$1evx_working"), LOG_LEVEL: "warn" , AUTH_SECRET: "a secret of the downloads' test, long enough"}, stdout: "inherit", stderr: "inherit" });
  const rss = () => Number(/VmRSS:\s+(\d+)/.exec(require("node:fs").readFileSync(`/proc/${worker.pid}/status`, "utf8"))?.[1] ?? 0) / 1024;
  const live = { ...t, clock: systemClock };
  const as = (actor: any) => createCallerFactory(reportsRouter)(testContext(live as any, actor)).exports;
  await Bun.sleep(6000);
  console.log(`worker idle ${rss().toFixed(0)} MB`);
  for (const [who, ask] of [[owner, { report: "trips", format: "csv" }], [owner, { report: "trips", format: "xlsx" }], [admin, { report: "sales", format: "csv", everybody: true }], [admin, { report: "sales", format: "xlsx", everybody: true }]] as any[]) {
    at = performance.now(); let peak = 0; const seen: number[] = [];
    const { export: e } = await as(who).ask(ask);
    for (;;) { await Bun.sleep(500); peak = Math.max(peak, rss()); const now = (await as(who).one({ id: e.id })).export; seen.push(now.rowsDone);
      if (now.status === "done" || now.status === "failed" || performance.now() - at > 300_000) { console.log(ask, now.status, `${((performance.now() - at) / 1000).toFixed(0)} s`, `rows ${now.rowsDone}`, `${(now.bytes / 1e6).toFixed(0)} MB`, `peak ${peak.toFixed(0)} MB`, "progress", seen.filter((_, i) => i % Math.ceil(seen.length / 8) === 0).join(" "), "expires", now.expiresAt); break; } }
    const { content } = await as(who).file({ id: e.id });
    const out = `/tmp/evx-ops/million-${ask.report}.${ask.format}`; const sink = Bun.file(out).writer();
    for await (const part of content as any) { sink.write(part); await sink.flush(); } await sink.end();
    console.log("kept", out, Bun.file(out).size);
  }
  for (const report of ["trips", "sales"]) await as(owner).ask({ report, format: "pdf" } as any).catch((e) => console.log(report, "pdf:", e.message));
  const p = await as(admin).ask({ report: "platform", format: "pdf", by: "day", from: "2025-01-01" } as any).catch((e: any) => console.log("platform pdf", e.message));
  if (p) { for (let i=0;i<60;i++){ await Bun.sleep(500); const now=(await as(admin).one({id:p.export.id})).export; if(now.status==="done"){console.log("pdf done", now.bytes, now.rowsDone);break;} } }
  worker.kill("SIGTERM"); await worker.exited;
} finally { await t.close(); }
