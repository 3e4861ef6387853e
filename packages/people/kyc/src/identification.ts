import type { Vault } from "@evx/vault";
import * as v from "valibot";

/** What a file says of a person, as it lies sealed. */
const Identification = v.object({ legalName: v.string(), documentNumber: v.string() });

export type Identification = v.InferOutput<typeof Identification>;

export const sealIdentification = (
  vault: Vault,
  { legalName, documentNumber }: Identification,
  fileId: string,
) => vault.seal(Buffer.from(JSON.stringify({ legalName, documentNumber })), fileId);

export const openIdentification = async (
  vault: Vault,
  sealed: Uint8Array,
  fileId: string,
): Promise<Identification> =>
  v.parse(Identification, JSON.parse(new TextDecoder().decode(await vault.open(sealed, fileId))));

/** Digests of a document, one for each key, the present one's first: equal however its number was spaced. */
export const documentDigests = (
  vault: Vault,
  { country, type, number }: { country: string; type: string; number: string },
) => vault.digests(`${country}\n${type}\n${number.replace(/[^A-Z0-9]/g, "")}`);
