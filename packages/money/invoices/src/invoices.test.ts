import { afterAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { sql } from "@evx/db";
import { testDatabase } from "@evx/db/testing";
import { drain } from "@evx/jobs/testing";
import { newId } from "@evx/kernel";
import { refusalCode } from "@evx/kernel/testing";
import { refundPayment } from "@evx/payments";
import { finishRefund, seePayment } from "@evx/payments/testing";
import { setRule } from "@evx/rules";
import { issueCreditNote, issueInvoice, taxesOf } from "./issue.ts";
import { invoicesJobs } from "./jobs.ts";
import { invoiceFor, invoicesFor, invoiceView } from "./lists.ts";
import { drawInvoice } from "./pdf.ts";
import { invoiceTerms, partOfInvoice, taxesIn } from "./policy.ts";
import { invoicesOfPayment } from "./queries/invoices.ts";
import { statementCsv, statementOf } from "./statements.ts";
import { aSale } from "./testing.ts";
import { ublOf } from "./ubl.ts";

// Two hundred transactions at once, where many share a machine.
setDefaultTimeout(120_000);

const t = await testDatabase({ max: 24 });
afterAll(() => t.close());

const issuer = { name: "Sàn Tín chỉ Ườ Yễ Ậ", address: "12 Lê Lợi", taxId: "0312345678", country: "VN" };
const vat = { name: "VAT", nameVi: "Thuế GTGT", rateBps: 800 };
const levy = { name: "Levy", nameVi: "Phí", rateBps: 150 };
await t.transact((tx) =>
  setRule(tx, invoiceTerms, { value: { issuer, taxes: [vat, levy] }, reason: "trial", setBy: null }),
);

const numbers = async (series: string) => {
  const { rows } = await sql<{ sequence: number }>`
    select sequence from payments.invoice where series = ${series} order by sequence`.execute(t.db);
  return rows.map(({ sequence }) => sequence);
};
const work = () => drain(t, invoicesJobs, { twice: true });

describe("numbers", () => {
  test("200 issued at once, one of them killed and one undone: no gap and no twin", async () => {
    const sales = [];
    for (let count = 0; count < 200; count++) sales.push(await aSale(t));
    const ends = await Promise.allSettled(
      sales.map(({ id }, place) =>
        t.transact(async (tx) => {
          await issueInvoice(tx, id);
          if (place === 77)
            await sql`select pg_terminate_backend(pg_backend_pid())`.execute(tx).catch(() => undefined);
          if (place === 78) throw new Error("undone");
        }),
      ),
    );
    const done = ends.filter(({ status }) => status === "fulfilled").length;
    expect(done).toBeGreaterThanOrEqual(198);
    expect(done).toBeLessThan(200);
    const taken = await numbers("EVX");
    expect(taken).toEqual(Array.from({ length: taken.length }, (_, place) => place + 1));
    expect(taken.length).toBe(done);
    // The sweep finds the sales that have none yet, and they go on where the others ended.
    await Promise.all(sales.map(({ id }) => t.transact((tx) => issueInvoice(tx, id))));
    expect(await numbers("EVX")).toEqual(Array.from({ length: 200 }, (_, place) => place + 1));
  });

  test("a sale is invoiced once, however often its news comes; one that is not settled is not", async () => {
    const sale = await aSale(t);
    await work();
    await t.transact((tx) => issueInvoice(tx, sale.id));
    expect((await invoicesOfPayment(t.db, sale.id)).length).toBe(1);
  });

  test("what was issued is never changed", async () => {
    const sale = await aSale(t);
    const row = await t.transact((tx) => issueInvoice(tx, sale.id));
    const change = sql`update payments.invoice set total_minor = 1 where number = ${row?.number}`;
    await expect(change.execute(t.admin)).rejects.toThrow();
  });
});

describe("lines", () => {
  test("sum to the total, and parts that follow each other to each line, for every amount", () => {
    for (const total of [1n, 2n, 7n, 99n, 1234n, 999_999n, 31_343_600n])
      for (const rates of [[], [vat], [vat, levy]]) {
        const whole = taxesIn(total, rates);
        expect(whole.taxes.reduce((sum, { amount }) => sum + amount, whole.net)).toBe(total);
        const sums = whole.taxes.map(() => 0n);
        let [before, net] = [0n, 0n];
        for (const part of [total / 3n, total / 7n, total - total / 3n - total / 7n]) {
          const piece = partOfInvoice({ total, taxes: whole.taxes }, before, part);
          expect(piece.taxes.reduce((sum, { amount }) => sum + amount, piece.net)).toBe(part);
          piece.taxes.forEach(({ amount }, place) => {
            expect(amount).toBeGreaterThanOrEqual(0n);
            sums[place] = (sums[place] ?? 0n) + amount;
          });
          net += piece.net;
          before += part;
        }
        expect([net, ...sums]).toEqual([whole.net, ...whole.taxes.map(({ amount }) => amount)]);
      }
  });
});

describe("credit notes", () => {
  const refund = async (sale: Awaited<ReturnType<typeof aSale>>, amount?: bigint) => {
    const { refundId } = await t.transact((tx) =>
      refundPayment(tx, { paymentId: sale.id, reason: "operator", amount, refundId: newId("refund") }),
    );
    await finishRefund(t, refundId);
    await work();
    return refundId;
  };

  test("for parts, the last of which takes the remainder of each line", async () => {
    const sale = await aSale(t);
    await work();
    for (const part of [1n, 333n, undefined]) await refund(sale, part);
    const [invoice, ...notes] = await invoicesOfPayment(t.db, sale.id);
    if (!invoice) throw new Error("no invoice");
    expect(notes.map(({ kind, total_minor }) => [kind, total_minor])).toEqual([
      ["credit_note", 1n],
      ["credit_note", 333n],
      ["credit_note", 900n],
    ]);
    expect(notes.every(({ refers_to }) => refers_to === invoice.number)).toBe(true);
    expect(notes.reduce((sum, { net_minor }) => sum + net_minor, 0n)).toBe(invoice.net_minor);
    for (const [place, { amount }] of taxesOf(invoice).entries())
      expect(notes.reduce((sum, note) => sum + (taxesOf(note)[place]?.amount ?? 0n), 0n)).toBe(amount);
    const more = { paymentId: sale.id, source: "more", amount: 1n, reason: "operator" } as const;
    expect(await t.transact((tx) => issueCreditNote(tx, more))).toBeNull();
  });

  test("for a lost dispute; won after all, the same amount is invoiced again", async () => {
    const sale = await aSale(t);
    await work();
    await seePayment(t, sale.id, { dispute: "lost" });
    await work();
    await seePayment(t, sale.id, { dispute: "won" });
    await work();
    const rows = await invoicesOfPayment(t.db, sale.id);
    expect(rows.map(({ kind, total_minor }) => `${kind} ${total_minor}`).toSorted()).toEqual([
      "credit_note 1234",
      "invoice 1234",
      "invoice 1234",
    ]);
  });

  test("none for money that went back before the sale: nothing was invoiced", async () => {
    const before = await numbers("EVX-CN");
    const note = { paymentId: newId("payment"), source: "none", amount: 1n, reason: "x" } as const;
    await expect(t.transact((tx) => issueCreditNote(tx, note))).resolves.toBeNull();
    expect(await numbers("EVX-CN")).toEqual(before);
  });
});

describe("who sees what", () => {
  test("a buyer their own, an operator all; another's does not exist", async () => {
    const sale = await aSale(t);
    const row = await t.transact((tx) => issueInvoice(tx, sale.id));
    const number = row?.number ?? "";
    const buyer = { id: sale.buyerId, role: "buyer" as const };
    expect((await invoicesFor(t.db, buyer, { limit: 10 })).items.map((one) => one.number)).toEqual([number]);
    expect((await invoiceFor(t.db, { id: newId("user"), role: "admin" }, number)).number).toBe(number);
    const stranger = { id: newId("user"), role: "buyer" as const };
    expect(await refusalCode(invoiceFor(t.db, stranger, number))).toBe("invoice_unknown");
    const first = await invoicesFor(t.db, { id: stranger.id, role: "admin" }, { limit: 2 });
    const cursor = first.nextCursor ?? "";
    const second = await invoicesFor(t.db, { id: stranger.id, role: "admin" }, { limit: 2, cursor });
    const seen = [...first.items, ...second.items].map((one) => one.number);
    expect(new Set(seen).size).toBe(4);
  });
});

describe("papers", () => {
  const paper = async () => {
    const sale = await aSale(t);
    const row = await t.transact((tx) => issueInvoice(tx, sale.id));
    if (!row) throw new Error("not issued");
    return { ...invoiceView(row), buyerName: "Nguyễn Thị Ườ Yễ Ậ & <Con>" };
  };

  test("a PDF in both languages, and UBL whose marks are escaped and whose sums fit", async () => {
    const invoice = await paper();
    for (const locale of ["en", "vi"] as const) {
      const bytes = await drawInvoice(invoice, issuer, locale);
      expect(new TextDecoder().decode(bytes.subarray(0, 5))).toBe("%PDF-");
    }
    const xml = ublOf(invoice, issuer);
    expect(xml).toContain("Nguyễn Thị Ườ Yễ Ậ &#38; &#60;Con&#62;");
    expect(xml).toContain(`<cbc:ID>${invoice.number}</cbc:ID>`);
    expect(xml).toContain(`<cbc:PayableAmount currencyID="USD">${invoice.total}</cbc:PayableAmount>`);
    expect(xml.match(/<cac:TaxTotal>/g)?.length).toBe(2);
  });

  test("a statement begins and ends with the balance, and its lines lead from one to the other", async () => {
    const sale = await aSale(t);
    await aSale(t, { sellerId: sale.sellerId });
    const month = t.clock.now().toISOString().slice(0, 7);
    const statement = await statementOf(t.db, t.clock.now(), {
      userId: sale.sellerId,
      month,
      currency: "USD",
      zone: "UTC",
    });
    expect([statement.opening, statement.closing]).toEqual(["0.00", "24.68"]);
    expect(statement.lines.map(({ balance }) => balance)).toEqual(["12.34", "24.68"]);
    const quiet = { userId: sale.sellerId, month: "2099-01", currency: "USD", zone: "UTC" } as const;
    const next = await statementOf(t.db, new Date("2099-01-01T00:00:00Z"), quiet);
    expect([next.opening, next.closing, next.lines]).toEqual(["24.68", "24.68", []]);
    const ahead = statementOf(t.db, new Date("2098-12-31T23:59:59Z"), quiet);
    expect(await refusalCode(ahead)).toBe("statement_month_ahead");
  });

  test("a month of a statement is one of the reader's zone, also where clocks are set in it, and the papers say which", async () => {
    const { sellerId: userId } = await aSale(t);
    const of = (month: string, zone: string, now = "2099-01-01T00:00:00Z") =>
      statementOf(t.db, new Date(now), { userId, month, currency: "USD", zone });
    const { at } = (await of(t.clock.now().toISOString().slice(0, 7), "UTC")).lines[0] ?? { at: new Date(0) };
    // In each zone it stands in the month that a calendar on the wall there shows, and in no other.
    for (const zone of ["Asia/Ho_Chi_Minh", "America/New_York", "Pacific/Kiritimati", "Pacific/Pago_Pago"]) {
      const month = new Intl.DateTimeFormat("sv-SE", { timeZone: zone }).format(at).slice(0, 7);
      const [year, number] = month.split("-").map(Number) as [number, number];
      const near = (by: number) => new Date(Date.UTC(year, number - 1 + by, 1)).toISOString().slice(0, 7);
      const lines = await Promise.all([near(-1), month, near(1)].map((each) => of(each, zone)));
      expect([zone, ...lines.map((one) => one.lines.length)]).toEqual([zone, 0, 1, 0]);
    }
    // The first moment of a month: refused a millisecond before it, where it is.
    for (const [zone, month, begins] of [
      ["Asia/Ho_Chi_Minh", "2026-03", "2026-02-28T17:00:00.000Z"],
      ["America/New_York", "2026-11", "2026-11-01T04:00:00.000Z"],
      ["America/New_York", "2026-12", "2026-12-01T05:00:00.000Z"],
      // Clocks go back here as the month begins: midnight comes once, the hour before it twice.
      ["America/Havana", "2026-11", "2026-11-01T04:00:00.000Z"],
      ["UTC", "2027-01", "2027-01-01T00:00:00.000Z"],
    ] as const) {
      expect((await of(month, zone, begins)).zone).toBe(zone);
      const before = new Date(Date.parse(begins) - 1).toISOString();
      expect(await refusalCode(of(month, zone, before))).toBe("statement_month_ahead");
    }
    const csv = await new Response(
      (await statementCsv(await of("2026-03", "Asia/Ho_Chi_Minh"), "en")).content,
    ).text();
    expect(csv.split("\n")[0]).toContain("zone");
  });
});
