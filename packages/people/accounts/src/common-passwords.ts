import { dictionary } from "@zxcvbn-ts/language-common";
import { refuse } from "./errors.ts";

const common: ReadonlySet<string> = new Set(dictionary["passwords-common"].map(String));

/**
 * Refuses `password_common` for what attackers try first: the 49,000 most used passwords, blanks, one character over and
 * over, and the person's own address.
 */
export const refuseCommon = (password: string, email: string | undefined): void => {
  const plain = password.trim().toLowerCase();
  const [name = ""] = (email ?? "").split("@");
  const own = email !== undefined && (plain === email || plain === name);
  if (plain.length >= 4 && new Set(plain).size > 1 && !own && !common.has(plain)) return;
  throw refuse("password_common", {}, { issues: [{ path: "password", message: "Too easy to guess." }] });
};
