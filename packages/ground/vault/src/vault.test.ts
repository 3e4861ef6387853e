import { describe, expect, test } from "bun:test";
import { openVault } from "./vault.ts";

const secret = "a secret of the first release, long enough";
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const bytes = (content: string) => new TextEncoder().encode(content);

describe("sealing", () => {
  test("what was sealed opens again, for its own row alone", async () => {
    const vault = await openVault(secret, "identity");
    const sealed = await vault.seal(bytes("passport 123"), "kyc_1");
    expect(text(await vault.open(sealed, "kyc_1"))).toBe("passport 123");
    expect(vault.open(sealed, "kyc_2")).rejects.toThrow("something else");
    expect(text(sealed)).not.toContain("passport");
  });

  test("the header names key and algorithm, and a changed character is noticed", async () => {
    const vault = await openVault(secret, "identity");
    const sealed = await vault.sealText("VN 0123456789", "wdr_1");
    const header = JSON.parse(
      text(Uint8Array.fromBase64(sealed.split(".")[0] ?? "", { alphabet: "base64url" })),
    );
    expect(header).toMatchObject({ kid: vault.keyId, alg: "dir", enc: "A256GCM" });
    const parts = sealed.split(".");
    const body = parts[3] ?? "";
    parts[3] = `${body[0] === "A" ? "B" : "A"}${body.slice(1)}`;
    expect(vault.openText(parts.join("."), "wdr_1")).rejects.toThrow();
  });

  test("one room's vault does not open what another's sealed", async () => {
    const [identity, payments] = [await openVault(secret, "identity"), await openVault(secret, "payments")];
    expect(payments.openText(await identity.sealText("secret", "x"), "x")).rejects.toThrow("No key");
  });
});

describe("rotation", () => {
  test("a new secret seals, the old one still opens, and the beginning tells them apart", async () => {
    const old = await openVault(secret, "payments");
    const rotated = await openVault(`a new and longer secret than before,${secret}`, "payments");
    const before = await old.sealText("VN 0123456789", "wdr_1");
    const after = await rotated.sealText("VN 0123456789", "wdr_1");
    expect(await rotated.openText(before, "wdr_1")).toBe("VN 0123456789");
    expect(after.startsWith(rotated.present)).toBe(true);
    expect(before.startsWith(rotated.present)).toBe(false);
    expect(before.startsWith(old.present)).toBe(true);
    expect(rotated.keyOf(before)).toBe(old.keyId);
    expect(rotated.keyOf(after)).toBe(rotated.keyId);
    expect((await rotated.digests("VN"))[1]?.toHex()).toBe((await old.digests("VN"))[0].toHex());
    expect(old.openText(after, "wdr_1")).rejects.toThrow("No key");
  });

  test("no secret is no vault", () => {
    expect(openVault(" , ", "identity")).rejects.toThrow(RangeError);
  });
});

describe("what the first release sealed", () => {
  test("opens in all of its three forms, and its digests are still found", async () => {
    const identity = await openVault(`a new and longer secret than before,${secret}`, "identity");
    const payments = await openVault(`a new and longer secret than before,${secret}`, "payments");
    const binary = Uint8Array.fromBase64("AXEGFmBteFIbV7nE2jeuM2PT9NsehorCcFRfFU9Dx+oJE4v7aVU1l+WIgByO");
    expect(text(await identity.open(binary, "kyc_1"))).toBe("passport 123");
    expect(identity.open(binary, "kyc_2")).rejects.toThrow();
    expect(identity.keyOf(binary)).toBe((await openVault(secret, "identity")).keyId);
    expect(
      await identity.openText(
        "AXEGFmBQbAngcsw0wZFHpI1ChW0OegWyZWc3mN5nMxsRAQkPLi70JKQYw9sZ9Ar8fs6Y2cueaXHCj7ZXjjZx5MA5",
        "letter_1",
      ),
    ).toBe("https://example.com/reset?token=1");
    const dotted = "v1.efdeed31.v/gi/3o8IYbR+aNd.m46s6jcKmt5yTFEsikteVDEZCOFwp5fTzOQ+II0=";
    expect(await payments.openText(dotted, "wdr_1")).toBe("VN 0123456789");
    expect(dotted.startsWith(payments.present)).toBe(false);
    expect((await identity.digests("B1234567"))[1]?.toHex()).toBe(
      "56c585723e75da73b8e1d3dcc900d7a63556800f103ab817f912d39a99e8d6f5",
    );
    expect((await payments.digests("VN 0123456789"))[1]?.toHex()).toBe(
      "b6072d76caea6d67e62f647c7940fcc24c2b64a24c6c2ed32d5397c12c4fe2e0",
    );
  });
});
