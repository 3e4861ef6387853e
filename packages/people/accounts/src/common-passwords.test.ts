import { expect, test } from "bun:test";
import { refuseCommon } from "./common-passwords.ts";

const isRefused = (password: string): boolean => {
  try {
    refuseCommon(password, "anna.nguyen@example.com");
    return false;
  } catch {
    return true;
  }
};

test("what attackers try first is refused", () => {
  for (const password of [
    "password",
    "12345678",
    "iloveyou1",
    "        ",
    "aaaaaaaaaa",
    "Anna.Nguyen@example.com",
  ])
    expect([password, isRefused(password)]).toEqual([password, true]);
});

test("a passphrase and the demo world's password stay good", () => {
  for (const password of ["correct-horse-9", "demo-password-1", "a-good-password", "mật khẩu của tôi"])
    expect([password, isRefused(password)]).toEqual([password, false]);
});
