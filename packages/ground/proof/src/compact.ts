import { type Bytes, base64url, fromBase64url, utf8 } from "./bytes.ts";
import { canonical } from "./canonical.ts";
import { type CertificateDocument, canonicalOf } from "./document.ts";
import { readStrictly } from "./strict-json.ts";
import type { CertificateFile } from "./verify.ts";

/**
 * Beyond this a QR code of the size that fits a page is no longer read by a phone (version 30 with little error
 * correction); a certificate of very many lots then carries its address alone.
 */
const mostCharacters = 1_700;

const through = async (bytes: Bytes, stream: CompressionStream | DecompressionStream): Promise<Bytes> =>
  new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(stream)).arrayBuffer());

/**
 * The address in a certificate's QR code. Its fragment holds the signed document itself, so that a phone can check
 * it without the registry; a fragment is never sent to a server. Only the address when the certificate is too long.
 */
export const qrAddress = async (file: CertificateFile): Promise<string> => {
  const { verifyUrl } = file.certificate;
  const packed = await through(
    utf8(canonical([canonicalOf(file.certificate), file.signature, file.publicKey])),
    new CompressionStream("deflate-raw"),
  );
  const address = `${verifyUrl}#1.${base64url(packed)}`;
  return address.length <= mostCharacters ? address : verifyUrl;
};

/** Reads an address's fragment ("#1.…") back; null when it holds no certificate. Verify what comes out. */
export const readFragment = async (fragment: string): Promise<CertificateFile | null> => {
  const packed = /^#?1\.([A-Za-z0-9_-]{1,4000})$/.exec(fragment)?.[1];
  const bytes = packed ? fromBase64url(packed) : null;
  if (!bytes) return null;
  try {
    const unpacked = await through(bytes, new DecompressionStream("deflate-raw"));
    const parts = readStrictly(new TextDecoder("utf-8", { fatal: true }).decode(unpacked));
    if (!Array.isArray(parts) || parts.length !== 3) return null;
    const [certificate, signature, publicKey] = parts as [CertificateDocument, string, string];
    return { certificate, signature, publicKey, keyId: certificate.keyId, algorithm: "Ed25519" };
  } catch {
    return null;
  }
};
