import type { Db } from "@evx/db";
import { emit } from "@evx/jobs";
import { type Id, newId, type Page, pageFrom } from "@evx/kernel";
import type { Actor, Context } from "@evx/rpc";
import * as v from "valibot";
import type { Access } from "./access.ts";
import { audit } from "./audit.ts";
import { refuse } from "./errors.ts";
import { kycDecided, kycSubmitted } from "./events.ts";
import { extensionOf, mediaOf } from "./media.ts";
import { placeOf } from "./places.ts";
import {
  attachDocuments,
  countLooseDocuments,
  countSameDocument,
  countUnderOtherKeys,
  decideKycFile,
  documentRow,
  documentsOfFile,
  insertDocument,
  insertKycFile,
  type KycRow,
  kycRow,
  kycRows,
  latestFileOf,
  lockKycFile,
  resealDocument,
  resealFile,
  sealedFile,
  underOtherKeys,
} from "./queries/kyc.ts";
import { lockUser, updateUser } from "./queries/users.ts";
import type * as S from "./schema.ts";
import type { Vault } from "./vault.ts";

type MemberRequest = Pick<Context, "db" | "request" | "transact" | "clock"> & { actor: Actor };

const maxBytes = 10_485_760;
const loosePictures = 8;

const Identity = v.object({ legalName: v.string(), documentNumber: v.string() });

const fileView = (row: KycRow): v.InferInput<typeof S.KycFile> => ({
  id: row.id as Id<"kycFile">,
  userId: row.user_id as Id<"user">,
  userName: row.user_name,
  userRole: row.user_role,
  status: row.status,
  countryCode: row.country_code,
  documentType: row.document_type,
  submittedAt: row.submitted_at,
  decidedAt: row.decided_at,
  reason: row.reason,
});

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

/** What the digest is of: the same document, however its number was spaced. */
const nameOfDocument = (country: string, type: string, number: string): string =>
  `${country}\n${type}\n${number.replace(/[^A-Z0-9]/g, "")}`;

/** Proof of identity: none → submitted → verified | rejected, and after a rejection again. */
export const createKyc = (vaultReady: Promise<Vault>, access: Access) => ({
  /** Takes a picture of a document: JPEG, PNG, WebP or PDF by content, up to 10 MB. Stored encrypted. */
  async upload(ctx: MemberRequest, stream: ReadableStream<Uint8Array>) {
    const content = await allOf(stream);
    const contentType = mediaOf(content);
    if (!contentType) throw refuse("document_unreadable");
    const id = newId("document");
    const vault = await vaultReady;
    const sealed = await vault.seal(content, id);
    await ctx.transact(async (tx) => {
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
  },

  /** Hands in one's file with pictures that were sent before. */
  async submit(ctx: MemberRequest, wish: v.InferOutput<typeof S.SubmitKyc>) {
    const id = newId("kycFile");
    const vault = await vaultReady;
    const { legalName, documentNumber, documentType, countryCode } = wish;
    const sealed = await vault.seal(Buffer.from(JSON.stringify({ legalName, documentNumber })), id);
    const [digest] = await vault.digests(nameOfDocument(countryCode, documentType, documentNumber));
    await ctx.transact(async (tx) => {
      const user = await lockUser(tx, ctx.actor.id);
      if (!user) throw refuse("user_not_found");
      if (user.kyc_status === "submitted") throw refuse("kyc_waiting");
      if (user.kyc_status === "verified") throw refuse("kyc_verified_already");
      await insertKycFile(tx, {
        id,
        user_id: user.id,
        country_code: countryCode,
        document_type: documentType,
        sealed: Buffer.from(sealed),
        key_id: vault.keyId,
        digest: Buffer.from(digest as Uint8Array),
        submitted_at: tx.at,
      });
      const ids = [...new Set(wish.documentIds)];
      const attached = await attachDocuments(tx, { userId: user.id, fileId: id, ids });
      if (attached !== ids.length) throw refuse("document_not_found");
      await updateUser(tx, user.id, { kyc_status: "submitted" });
      await emit(tx, kycSubmitted, { fileId: id, userId: ctx.actor.id });
      await audit(tx, ctx.actor, "kyc.submit", id, {
        after: { countryCode, documentType },
        origin: ctx.request.ip,
      });
    });
    await access.refresh();
    return this.mine(ctx);
  },

  /** Where one's own file stands. */
  async mine(ctx: Pick<MemberRequest, "db" | "actor">) {
    const row = await latestFileOf(ctx.db, ctx.actor.id);
    return { status: row?.status ?? ("none" as const), file: row ? fileView(row) : null };
  },

  /** Files that wait, oldest first, or that were decided, newest first. Nothing in a list identifies a document. */
  async queue(db: Db, filter: v.InferOutput<typeof S.KycQueue>): Promise<Page<ReturnType<typeof fileView>>> {
    const { status, limit } = filter;
    const rows = await kycRows(db, { status, limit, after: placeOf("kycFile", filter.cursor) });
    return pageFrom(rows, limit, fileView, (row) => [row.submitted_at.toISOString(), row.id]);
  },

  /** A file with what it says, for a reviewer; leaves a trace in any case. */
  async read(ctx: MemberRequest, id: Id<"kycFile">) {
    const vault = await vaultReady;
    const found = await ctx.transact(async (tx) => {
      const row = await kycRow(tx, id);
      const sealed = await sealedFile(tx, id);
      if (!row || !sealed) throw refuse("kyc_not_found");
      const documents = await documentsOfFile(tx, id);
      await audit(tx, ctx.actor, "kyc.read", id, { origin: ctx.request.ip });
      return { row, sealed, documents };
    });
    const told = v.parse(
      Identity,
      JSON.parse(new TextDecoder().decode(await vault.open(found.sealed.sealed, id))),
    );
    const digests = await vault.digests(
      nameOfDocument(found.row.country_code, found.row.document_type, told.documentNumber),
    );
    return {
      file: fileView(found.row),
      ...told,
      documents: found.documents.map((row) => ({
        id: row.id as Id<"document">,
        contentType: row.content_type,
        size: row.size,
        createdAt: row.created_at,
      })),
      sameDocument: await countSameDocument(ctx.db, found.row.user_id, digests),
    };
  },

  /** A picture, for the person it shows and for reviewers once it is handed in; leaves a trace in any case. */
  async download(ctx: MemberRequest, id: Id<"document">, { reviewer }: { reviewer: boolean }) {
    const row = await ctx.transact(async (tx) => {
      const found = await documentRow(tx, id);
      const mayRead = found && (found.user_id === ctx.actor.id || (reviewer && found.file_id !== null));
      if (!mayRead) throw refuse("document_not_found");
      await audit(tx, ctx.actor, "kyc.read_document", id, {
        after: { fileId: found.file_id },
        origin: ctx.request.ip,
      });
      return found;
    });
    const content = await (await vaultReady).open(row.sealed, id);
    return { contentType: row.content_type, fileName: `${id}.${extensionOf[row.content_type]}`, content };
  },

  /** Verifies or rejects a file. Nobody decides on their own; two reviewers at once: the second is told. */
  async decide(ctx: MemberRequest, { id, decision, reason }: v.InferOutput<typeof S.DecideKyc>) {
    const file = await ctx.transact(async (tx) => {
      const row = await lockKycFile(tx, id);
      if (!row) throw refuse("kyc_not_found");
      if (row.user_id === ctx.actor.id) throw refuse("kyc_own_file");
      if (row.status !== "submitted") throw refuse("kyc_decided_already", { status: row.status });
      await decideKycFile(tx, id, { status: decision, decidedBy: ctx.actor.id, reason: reason ?? null });
      await updateUser(tx, row.user_id, { kyc_status: decision });
      const userId = row.user_id as Id<"user">;
      await emit(tx, kycDecided, { fileId: id, userId, status: decision, reason: reason ?? null });
      await audit(tx, ctx.actor, "kyc.decide", id, {
        before: { status: row.status },
        after: { status: decision, ...(reason ? { reason } : {}) },
        origin: ctx.request.ip,
      });
      return kycRow(tx, id);
    });
    await access.refresh();
    if (!file) throw refuse("kyc_not_found");
    return fileView(file);
  },

  /**
   * Encrypts a portion of what lies under older keys with the present one; answers what was done and what is left.
   * Call it until nothing is left, then the old key can go. It can be interrupted and run by several at once.
   */
  async rotate(ctx: Pick<MemberRequest, "db" | "transact"> & { actor: Actor | null }, portion = 20) {
    const vault = await vaultReady;
    const done = await ctx.transact(async (tx) => {
      const { documents, files } = await underOtherKeys(tx, vault.keyId, portion);
      for (const { id, sealed } of documents)
        await resealDocument(tx, id, await vault.seal(await vault.open(sealed, id), id), vault.keyId);
      for (const { id, sealed, country_code, document_type } of files) {
        const content = await vault.open(sealed, id);
        const { documentNumber } = v.parse(Identity, JSON.parse(new TextDecoder().decode(content)));
        const [digest] = await vault.digests(nameOfDocument(country_code, document_type, documentNumber));
        await resealFile(tx, id, {
          sealed: await vault.seal(content, id),
          digest: digest as Uint8Array,
          keyId: vault.keyId,
        });
      }
      const count = documents.length + files.length;
      if (count > 0) await audit(tx, ctx.actor, "kyc.rotate_keys", vault.keyId, { after: { count } });
      return count;
    });
    return { done, left: await countUnderOtherKeys(ctx.db, vault.keyId) };
  },
});

export type Kyc = ReturnType<typeof createKyc>;
