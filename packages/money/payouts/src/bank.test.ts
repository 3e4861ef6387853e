import { describe, expect, test } from "bun:test";
import { accountFromText, accountText, bankAccountOf, maskedAccount } from "./bank.ts";
import { withdrawalMayBecome } from "./policy.ts";

const read = (line: string) => bankAccountOf(line, { holder: "A", country: "VN" });

describe("a bank account written in one line", () => {
  test("is read with the bank's name before or after the number", () => {
    expect(read("Vietcombank 0071 0012 34567")).toMatchObject({
      number: "0071001234567",
      bankName: "Vietcombank",
    });
    expect(read("19034567890123 - Techcombank")).toMatchObject({
      number: "19034567890123",
      bankName: "Techcombank",
    });
    expect(read("000123456789")).toMatchObject({
      number: "000123456789",
      bankName: "",
      country: "VN",
      holder: "A",
    });
  });

  test("that is meant as an IBAN must have the right check digits, and then names its country", () => {
    expect(read("GB29 NWBK 6016 1331 9268 19")).toMatchObject({
      number: "GB29NWBK60161331926819",
      country: "GB",
    });
    expect(() => read("GB28 NWBK 6016 1331 9268 19")).toThrow();
    expect(read("MB 12345678901234")).toMatchObject({
      number: "12345678901234",
      bankName: "MB",
      country: "VN",
    });
  });

  test("shows its last four places and no more than that", () => {
    expect(maskedAccount({ number: "0071001234567" })).toBe("****4567");
    expect(maskedAccount({ number: "1234" })).toBe("****34");
  });

  test("survives being written as text and read back", () => {
    const bank = bankAccountOf(
      { number: "0071001234567", holder: "Nguyễn Văn A", bankName: "VCB", bankCode: "BFTVVNVX", country: "" },
      { holder: "B", country: "VN" },
    );
    expect(accountFromText(accountText(bank))).toEqual(bank);
  });
});

describe("policy", () => {
  test("a bank may return what it had taken, and nothing leads out of a failed withdrawal", () => {
    expect(withdrawalMayBecome("completed", "failed")).toBe(true);
    expect(withdrawalMayBecome("failed", "approved")).toBe(false);
  });
});

test("a slip in an IBAN, a routing number or a Vietnamese bank's code is refused before money moves", () => {
  const parts = { holder: "", bankName: "" };
  const read = (number: string, bankCode: string, country: string) => () =>
    bankAccountOf({ ...parts, number, bankCode, country }, { holder: "A", country: "VN" });
  expect(read("GB29NWBK60161331926818", "", "")).toThrow();
  expect(read("GB29NWBK60161331926819", "", "")().country).toBe("GB");
  expect(read("000123456789", "021000021", "US")().bankCode).toBe("021000021");
  for (const wrong of ["021000022", "02100002", "", "000000000"])
    expect(read("000123456789", wrong, "US")).toThrow();
  for (const code of ["VCB", "970436", "BFTVVNVX", ""])
    expect(read("0071001234567", code, "VN")().bankCode).toBe(code);
  expect(read("0071001234567", "970000", "VN")).toThrow();
});

test("an e-mail address is an account at PayPal, and shows its first letter alone", () => {
  for (const line of [
    "An.Nguyen@mail.example",
    "PayPal: an.nguyen@mail.example",
    "paypal an.nguyen@mail.example ",
  ])
    expect(read(line)).toMatchObject({
      number: "an.nguyen@mail.example",
      bankName: "PayPal",
      country: "VN",
    });
  expect(maskedAccount({ number: "an.nguyen@mail.example" })).toBe("a****@mail.example");
  for (const line of ["an@mail", "a b@mail.example", "an@@mail.example", "<an@mail.example>"])
    expect(() => read(line)).toThrow();
});
