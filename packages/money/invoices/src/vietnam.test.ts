import { expect, test } from "bun:test";
import { newId } from "@evx/kernel";
import type { InvoiceView } from "./lists.ts";
import { numberInWords, vietnamOf } from "./vietnam.ts";

test("numbers are said as a Vietnamese invoice says them", () => {
  const said = [0n, 5n, 15n, 21n, 105n, 313_436n, 1_000_000n, 2_000_015n, 1_204_000_001n].map(numberInWords);
  expect(said).toEqual([
    "không",
    "năm",
    "mười lăm",
    "hai mươi mốt",
    "một trăm lẻ năm",
    "ba trăm mười ba nghìn bốn trăm ba mươi sáu",
    "một triệu",
    "hai triệu không trăm mười lăm",
    "một tỷ hai trăm lẻ bốn triệu không trăm lẻ một",
  ]);
});

const invoice = (more: Partial<InvoiceView> = {}): InvoiceView => ({
  number: "EVX-2026-000012",
  kind: "invoice",
  orderId: newId("order"),
  paymentId: newId("payment"),
  buyerName: "Nguyễn & Con",
  description: "0,1 tín chỉ",
  net: "100000",
  taxes: [{ name: "VAT", nameVi: "GTGT", rateBps: 800, amount: "8000" }],
  total: "108000",
  currency: "VND",
  refersTo: null,
  issuedAt: new Date("2026-11-28T18:30:00Z"),
  ...more,
});
const issuer = { name: "EV Carbon Exchange", address: "1 Lê Lợi", taxId: "0312345678", country: "VN" };

test("an invoice has its signs, Vietnam's day, its lines and its total in words", () => {
  const xml = vietnamOf(invoice(), issuer);
  for (const part of [
    "<KHHDon>C26TEV</KHHDon><SHDon>12</SHDon><NLap>2026-11-29</NLap><DVTTe>VND</DVTTe>",
    "<MST>0312345678</MST>",
    "<Ten>Nguyễn &#38; Con</Ten>",
    "<TSuat>8%</TSuat><ThTien>100000</ThTien><TThue>8000</TThue>",
    "<TgTTTBSo>108000</TgTTTBSo><TgTTTBChu>Một trăm lẻ tám nghìn đồng</TgTTTBChu>",
  ])
    expect(xml).toContain(part);
});

test("a credit note names the invoice that it adjusts, and its amounts are below zero", () => {
  const xml = vietnamOf(
    invoice({ number: "EVX-CN-2026-000003", kind: "credit_note", refersTo: "EVX-2026-000012" }),
    issuer,
  );
  expect(xml).toContain("<KHHDCLQuan>C26TEV</KHHDCLQuan><SHDCLQuan>12</SHDCLQuan>");
  expect(xml).toContain("<TgTTTBSo>-108000</TgTTTBSo>");
});
