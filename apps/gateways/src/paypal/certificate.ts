import { createSign, generateKeyPairSync } from "node:crypto";

/** One part of a certificate: a tag, a length and what is inside. */
const part = (tag: number, ...inside: Uint8Array[]): Buffer => {
  const body = Buffer.concat(inside);
  const length =
    body.length < 128
      ? [body.length]
      : body.length < 256
        ? [0x81, body.length]
        : [0x82, body.length >> 8, body.length & 255];
  return Buffer.concat([Buffer.from([tag, ...length]), body]);
};

const sequence = (...inside: Uint8Array[]) => part(0x30, ...inside);
const bits = (inside: Uint8Array) => part(0x03, Buffer.from([0]), inside);
const RSA_SHA256 = sequence(
  Buffer.from([0x06, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 11]),
  Buffer.from([5, 0]),
);
const COMMON_NAME = Buffer.from([0x06, 3, 0x55, 4, 3]);
const moment = (at: Date) =>
  part(0x18, Buffer.from(`${at.toISOString().replace(/\D/g, "").slice(0, 14)}Z`, "ascii"));

/** A key and its certificate, signed by itself, good for ten years from yesterday: made anew at every start. */
export const signer = (commonName: string, now: Date) => {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const name = sequence(part(0x31, sequence(COMMON_NAME, part(0x0c, Buffer.from(commonName)))));
  const day_ms = 86_400_000;
  const body = sequence(
    part(0xa0, part(0x02, Buffer.from([2]))),
    part(0x02, Buffer.from([1])),
    RSA_SHA256,
    name,
    sequence(moment(new Date(now.getTime() - day_ms)), moment(new Date(now.getTime() + 3650 * day_ms))),
    name,
    publicKey.export({ type: "spki", format: "der" }),
  );
  const sign = (text: string | Uint8Array) => createSign("SHA256").update(text).sign(privateKey);
  const base64 = sequence(body, RSA_SHA256, bits(sign(body))).toString("base64");
  const pem = `-----BEGIN CERTIFICATE-----\n${base64.replace(/.{64}/g, "$&\n")}\n-----END CERTIFICATE-----\n`;
  const id = `CERT-${new Bun.CryptoHasher("sha256").update(pem).digest("hex").slice(0, 16)}`;
  return { pem, id, sign: (text: string) => sign(text).toString("base64") };
};

export type Signer = ReturnType<typeof signer>;
