import { lockPerson } from "@evx/accounts";
import { audit } from "@evx/audit";
import { type Id, newId } from "@evx/kernel";
import type { MemberContext } from "./contexts.ts";
import { refuse } from "./errors.ts";
import { type DocumentMedia, extensionOf, mediaOf } from "./media.ts";
import { isStill } from "./papers.ts";
import { rewritten } from "./pictures.ts";
import type { KycPorts } from "./ports.ts";
import { countLooseDocuments, documentRow, insertDocument } from "./queries/files.ts";

const maxBytes = 10_485_760;
const loosePictures = 8;

/** All of a stream, up to the limit; refuses what goes on beyond it without reading it. */
const allOf = async (stream: ReadableStream<Uint8Array>): Promise<Uint8Array> => {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of stream) {
    size += part.byteLength;
    if (size > maxBytes) throw refuse("document_too_large");
    parts.push(part);
  }
  return new Uint8Array(Buffer.concat(parts));
};

/** A picture without what hides beside it, or a paper that only shows pages; refuses `document_unsafe`. */
const harmless = (content: Uint8Array, media: DocumentMedia): Uint8Array => {
  const kept = media === "application/pdf" ? isStill(content) && content : rewritten[media](content);
  if (!kept) throw refuse("document_unsafe");
  return kept;
};

/**
 * A picture or PDF from outside, written anew without what hides in it: JPEG, PNG, WebP or PDF by content, up to 10 MB.
 * Refuses `document_too_large`, `document_unreadable`, `document_unsafe`.
 */
export const readDocument = async (
  stream: ReadableStream<Uint8Array>,
): Promise<{ contentType: DocumentMedia; content: Uint8Array }> => {
  const sent = await allOf(stream);
  const contentType = mediaOf(sent);
  if (!contentType) throw refuse("document_unreadable");
  return { contentType, content: harmless(sent, contentType) };
};

/** Stores a picture of a document, sealed: JPEG, PNG, WebP or PDF by content, up to 10 MB; eight at most that wait. */
export const uploadDocument = async (
  ctx: MemberContext,
  ports: Pick<KycPorts, "vault">,
  stream: ReadableStream<Uint8Array>,
) => {
  const { contentType, content } = await readDocument(stream);
  const id = newId("document");
  const vault = await ports.vault;
  const sealed = await vault.seal(content, id);
  await ctx.transact(async (tx) => {
    // Two uploads of one person take turns.
    await lockPerson(tx, ctx.actor.id);
    if ((await countLooseDocuments(tx, ctx.actor.id)) >= loosePictures)
      throw refuse("documents_full", { most: loosePictures });
    await insertDocument(tx, {
      id,
      user_id: ctx.actor.id,
      content_type: contentType,
      size: content.byteLength,
      sealed: Buffer.from(sealed),
      key_id: vault.keyId,
      created_at: tx.at,
    });
  });
  return { document: { id, contentType, size: content.byteLength, createdAt: ctx.clock.now() } };
};

/** A picture, for the person it shows and for reviewers once it is handed in; leaves a trace in any case. */
export const downloadDocument = async (
  ctx: MemberContext,
  ports: Pick<KycPorts, "vault">,
  { id, reviewer }: { id: Id<"document">; reviewer: boolean },
) => {
  const row = await ctx.transact(async (tx) => {
    const found = await documentRow(tx, id);
    const mayRead = found && (found.user_id === ctx.actor.id || (reviewer && found.file_id !== null));
    if (!mayRead) throw refuse("document_not_found");
    await audit(tx, ctx.actor, "kyc.read_document", id, { after: { fileId: found.file_id } });
    return found;
  });
  const vault = await ports.vault;
  const content = await vault.open(row.sealed, id);
  return { contentType: row.content_type, fileName: `${id}.${extensionOf[row.content_type]}`, content };
};
