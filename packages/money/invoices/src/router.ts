import { displayNames } from "@evx/accounts";
import { member, rest, router, selfOrOperator } from "@evx/rpc";
import * as v from "valibot";
import { issuerIn } from "./issue.ts";
import { invoiceFor, invoicesFor, invoiceView } from "./lists.ts";
import { invoicePdf, statementPdf } from "./pdf.ts";
import * as S from "./schema.ts";
import { movementText, statementCsv, statementOf } from "./statements.ts";
import { ublOf } from "./ubl.ts";
import { vietnamOf } from "./vietnam.ts";

/** Invoices, credit notes and monthly statements. */
export const invoicesRouter = router({
  list: member
    .meta(rest("GET", "/invoices", { summary: "Your invoices and credit notes, newest first" }))
    .input(S.MyInvoices)
    .output(S.InvoicePage)
    .query(({ ctx, input }) => invoicesFor(ctx.db, ctx.actor, input)),
  byNumber: member
    .meta({
      ...rest("GET", "/invoices/{number}", {
        summary: "An invoice or credit note, as JSON, PDF, UBL or in Vietnam's layout",
        file: "by_format",
      }),
      points: 2,
    })
    .input(S.InvoiceFile)
    .output(v.union([S.InvoiceAnswer, S.FileView]))
    .query(async ({ ctx, input }) => {
      const row = await invoiceFor(ctx.db, ctx.actor, input.number);
      const invoice = invoiceView(row);
      const locale = input.locale ?? ctx.locale;
      if (input.format === "pdf") return invoicePdf(invoice, issuerIn(row), locale);
      if (input.format === "json") return { invoice };
      const vietnam = input.format === "vietnam";
      const content = vietnam ? vietnamOf(invoice, issuerIn(row)) : ublOf(invoice, issuerIn(row));
      const fileName = `${invoice.number}${vietnam ? "-vn" : ""}.xml`;
      return { contentType: "application/xml", fileName, content };
    }),
  statement: member
    .meta({
      ...rest("GET", "/invoices/statements/{userId}/{month}", {
        summary: "A month of a person's balance",
        file: "by_format",
      }),
      points: 2,
    })
    .input(S.StatementOf)
    .output(v.union([S.Statement, S.FileView]))
    .query(async ({ ctx, input }) => {
      selfOrOperator(ctx.actor, input.userId);
      const statement = await statementOf(ctx.db, ctx.clock.now(), { ...input, currency: ctx.currency });
      const locale = input.locale ?? ctx.locale;
      if (input.format === "json") return statement;
      if (input.format === "csv") return statementCsv(statement, locale);
      const whose = (await displayNames(ctx.db, [input.userId])).get(input.userId) ?? "";
      const lines = statement.lines.map((line) => ({ ...line, what: movementText(line.kind, locale) }));
      return statementPdf({ ...statement, lines }, whose, ctx.clock.now(), locale);
    }),
});
