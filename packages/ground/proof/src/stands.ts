import { hex, utf8 } from "./bytes.ts";
import { canonical } from "./canonical.ts";
import { canonicalOf, parseSerial } from "./document.ts";
import { readCheckpoint } from "./log/index.ts";
import { isLogProof } from "./logged.ts";
import { monitor } from "./monitor.ts";
import { pinnedBy } from "./registry.ts";
import type { Fetch } from "./replay.ts";
import { sha256Now } from "./sha256.ts";
import { readStrictly } from "./strict-json.ts";
import { type Trust, verifyCertificate } from "./verify.ts";

type Asked = {
  /** The registry's address. */
  readonly url: string;
  readonly fetch: Fetch;
  /** The certificate's file. */
  readonly file: string;
  readonly trust: Trust;
  readonly patience_ms?: number;
  readonly now?: Date;
};

/** The checkpoint that a file's proof ends in. */
const seenIn = (file: string): { size: number; root: string }[] => {
  const log: unknown = Reflect.get(Object(readStrictly(file)), "log");
  const checkpoint = isLogProof(log) ? readCheckpoint(log.checkpoint) : null;
  return checkpoint ? [{ size: checkpoint.size, root: hex(checkpoint.root) }] : [];
};

/**
 * Whether the log itself says of a certificate now what its file says: reads the log as a monitor does, from its first entry
 * to its last, and holds the file against it. A status is one answer to one reader, and nobody else sees it; the log is
 * the same for all. Each fault is a sentence; none means that the certificate is current for some of its grams. Never throws.
 */
export const standsInLog = async ({ file, trust, ...from }: Asked): Promise<string[]> => {
  const { certificate, standing } = await verifyCertificate(file, trust);
  if (!certificate) return ["The file is not an evx-certificate/1 with its signature."];
  const { number, lots } = certificate;
  const { faults, book } = await monitor({ ...from, pinned: pinnedBy(trust), published: seenIn(file) });
  if (book.certificates.size === 0) return faults.length > 0 ? [...faults] : ["The log has no certificate."];
  const entry = book.certificates.get(number);
  if (!entry) return [...faults, `The log has no certificate ${number}.`];
  const found = [...faults];
  if (entry.hash !== hex(sha256Now(utf8(canonical(canonicalOf(certificate))))))
    found.push(`The log has another document under ${number}.`);
  const revoked = book.revokedCertificates.get(number);
  if (revoked) found.push(`Certificate ${number} was revoked on ${revoked.at}, says the log.`);
  const current = entry.ranges === undefined ? null : book.current.gramsOf(number);
  if (current === 0n)
    found.push(
      `Certificate ${number} is the newest word on none of its grams, says the log; its file says ${standing.status ?? "nothing"}.`,
    );
  for (const batch of new Set(lots.map(({ serial }) => parseSerial(serial)?.batch ?? ""))) {
    const taken = book.revokedBatches.get(batch);
    if (taken) found.push(`Batch ${batch}, of which it has grams, was revoked on ${taken.at}, says the log.`);
  }
  return found;
};
