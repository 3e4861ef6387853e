import { describe, expect, test } from "bun:test";
import fc from "@evx/tooling/properties";
import { base64url, fromBase64url, fromHex, hex } from "./bytes.ts";
import { canonical } from "./canonical.ts";
import { generateSigningKey, isSignedBy, keyId, readSigningKeys } from "./keys.ts";
import { certificateNumber, isCertificateNumber, readCertificateNumber } from "./number.ts";

/** An id as the venue gives them out: a prefix and 26 letters of base 32. */
const idOf = (prefix: string): string =>
  `${prefix}_0${Array.from(crypto.getRandomValues(new Uint8Array(25)), (byte) => "0123456789abcdefghjkmnpqrstvwxyz"[byte & 31]).join("")}`;

describe("canonical JSON", () => {
  test("the order in which members were written does not matter", () => {
    expect(canonical({ b: [1, { y: null, x: true }], a: "ă" })).toBe('{"a":"ă","b":[1,{"x":true,"y":null}]}');
  });

  test("keys are ordered by UTF-16 code units, as RFC 8785 orders its own example", () => {
    const keys = ["\u20ac", "\r", "\ufb33", "1", "\ud83d\ude00", "\u0080", "\u00f6"];
    const text = canonical(Object.fromEntries(keys.map((key) => [key, 0])));
    expect(Object.keys(JSON.parse(text)).filter((key) => key !== "1")).toEqual([
      "\r",
      "\u0080",
      "\u00f6",
      "\u20ac",
      "\ud83d\ude00",
      "\ufb33",
    ]);
    expect(text.indexOf('"1"')).toBeGreaterThan(text.indexOf('"\\r"'));
  });

  test("a fraction, an infinity or half a character is refused: other languages would write it otherwise", () => {
    for (const bad of [0.1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, "\ud800"]) {
      expect(() => canonical(bad)).toThrow(RangeError);
    }
  });

  test("any JSON of whole numbers reads back as it was, and writes the same text again", () => {
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        fc.integer(),
        fc.boolean(),
        fc.constant(null),
        fc.string({ unit: "grapheme" }),
        fc.array(tie("tree")),
        fc.dictionary(
          fc.string({ unit: "grapheme" }).filter((key) => key !== "__proto__"),
          tie("tree"),
        ),
      ),
    }));
    fc.assert(
      fc.property(tree, (value) => {
        const text = canonical(value as Parameters<typeof canonical>[0]);
        expect(canonical(JSON.parse(text))).toBe(text);
      }),
    );
  });
});

describe("keys", () => {
  test("a signature holds for its bytes and key, and for no other", async () => {
    const { current } = await readSigningKeys(generateSigningKey());
    const other = await readSigningKeys(generateSigningKey());
    const bytes = new TextEncoder().encode("hello") as Uint8Array<ArrayBuffer>;
    const signature = await current.sign(bytes);
    expect(await isSignedBy(current.publicKey, bytes, signature)).toBe(true);
    expect(await isSignedBy(current.publicKey, new Uint8Array([1, 2]), signature)).toBe(false);
    expect(await isSignedBy(other.current.publicKey, bytes, signature)).toBe(false);
    for (const bad of ["", "x", "=", `${signature}A`, signature.slice(1), "🙂"]) {
      expect(await isSignedBy(current.publicKey, bytes, bad)).toBe(false);
      expect(await isSignedBy(bad, bytes, signature)).toBe(false);
    }
  });

  test("the seed of RFC 8032's first test gives its public key and its signature", async () => {
    const seed = fromHex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
    if (!seed) throw new Error("not hexadecimal");
    const { current } = await readSigningKeys(base64url(seed));
    const publicKey = fromHex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
    if (!publicKey) throw new Error("not hexadecimal");
    expect(current.publicKey).toBe(base64url(publicKey));
    expect(current.id).toBe(await keyId(publicKey));
    expect(hex(fromBase64url(await current.sign(new Uint8Array())) ?? new Uint8Array())).toBe(
      "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    );
  });

  test("the same secret is the same key after a restart; the first of several signs", async () => {
    const text = "a secret of the environment that is long enough";
    const once = await readSigningKeys(text);
    const later = await readSigningKeys(`another secret that is long enough, ${text}`);
    expect(later.all.map(({ id }) => id)).toContain(once.current.id);
    expect(later.current.id).not.toBe(once.current.id);
    await expect(readSigningKeys("too short")).rejects.toThrow("24 characters");
    await expect(readSigningKeys(" , ")).rejects.toThrow("No signing key");
  });
});

describe("certificate numbers", () => {
  test("one wrong character is always noticed, two neighbours swapped in 99 of 100", () => {
    let [swaps, missed] = [0, 0];
    for (let many = 0; many < 300; many++) {
      const number = certificateNumber(idOf("crt"), 2026);
      expect(number).toMatch(/^EVXC-2026-[0-9A-Z]{5}-[0-9A-Z]{5}-[0-9A-Z]$/);
      expect(isCertificateNumber(number)).toBe(true);
      for (let at = 5; at < number.length; at++) {
        if (number[at] === "-") continue;
        const other = number[at] === "7" ? "8" : "7";
        expect(isCertificateNumber(number.slice(0, at) + other + number.slice(at + 1))).toBe(false);
        const next = number[at + 1];
        if (!next || next === "-" || next === number[at]) continue;
        swaps++;
        if (isCertificateNumber(number.slice(0, at) + next + number[at] + number.slice(at + 2))) missed++;
      }
    }
    expect(missed / swaps).toBeLessThan(0.01);
  });

  test("a number typed in small letters with spaces is the same number", () => {
    expect(readCertificateNumber(" evxc-2026-7k3m9-qtrxa-4 ")).toBe("EVXC-2026-7K3M9-QTRXA-4");
  });

  test("what is not the id of a certificate gets no number", () => {
    expect(() => certificateNumber(idOf("ord"), 2026)).toThrow(RangeError);
  });
});

test("bytes are read from one spelling only", () => {
  expect(fromHex("0g")).toBeNull();
  expect(fromHex("abc")).toBeNull();
  expect(fromBase64url("AB")).toBeNull();
  expect(fromBase64url("A")).toBeNull();
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      expect(fromHex(hex(bytes))).toEqual(bytes as Uint8Array<ArrayBuffer>);
      expect(fromBase64url(base64url(bytes))).toEqual(bytes as Uint8Array<ArrayBuffer>);
    }),
  );
});
