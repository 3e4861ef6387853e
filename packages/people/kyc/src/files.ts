import { catchUp, lockPerson, peopleById, setKycStatus } from "@evx/accounts";
import { audit } from "@evx/audit";
import type { Db } from "@evx/db";
import { emit } from "@evx/jobs";
import { afterMoment, type Id, momentKey, newId, type Page, pageFrom } from "@evx/kernel";
import type * as v from "valibot";
import type { MemberContext } from "./contexts.ts";
import { refuse } from "./errors.ts";
import { kycDecided, kycSubmitted } from "./events.ts";
import { documentDigests, openIdentification, sealIdentification } from "./identification.ts";
import type { KycPorts } from "./ports.ts";
import {
  attachDocuments,
  countSameDocument,
  decideKycFile,
  documentsOfFile,
  insertKycFile,
  type KycRow,
  kycRow,
  kycRows,
  latestFileOf,
  lockKycFile,
  sealedFile,
} from "./queries/files.ts";
import type * as S from "./schema.ts";

/** A file as it is listed: nothing that identifies a document. */
export type FileView = v.InferInput<typeof S.KycFile>;

const fileViews = async (db: Db, rows: readonly KycRow[]): Promise<Map<Id<"kycFile">, FileView>> => {
  const people = await peopleById(
    db,
    rows.map((row) => row.user_id),
  );
  const views = new Map<Id<"kycFile">, FileView>();
  for (const row of rows) {
    const person = people.get(row.user_id);
    if (person) views.set(row.id, fileView(row, person));
  }
  return views;
};

const fileView = (row: KycRow, person: { fullName: string; role: FileView["userRole"] }): FileView => ({
  id: row.id,
  userId: row.user_id,
  userName: person.fullName,
  userRole: person.role,
  status: row.status,
  countryCode: row.country_code,
  documentType: row.document_type,
  submittedAt: row.submitted_at,
  decidedAt: row.decided_at,
  reason: row.reason,
});

const viewOf = async (db: Db, row: KycRow): Promise<FileView> => {
  const view = (await fileViews(db, [row])).get(row.id);
  if (!view) throw refuse("kyc_not_found");
  return view;
};

/** Hands in one's file with pictures that were sent before. */
export const submitKyc = async (
  ctx: MemberContext,
  ports: KycPorts,
  input: v.InferOutput<typeof S.SubmitKyc>,
): Promise<v.InferInput<typeof S.OwnKyc>> => {
  const id = newId("kycFile");
  const vault = await ports.vault;
  const { documentNumber: number, documentType: type, countryCode: country } = input;
  const sealed = await sealIdentification(vault, input, id);
  const [digest] = await documentDigests(vault, { country, type, number });
  await ctx.transact(async (tx) => {
    const person = await lockPerson(tx, ctx.actor.id);
    if (person.kycStatus === "submitted") throw refuse("kyc_waiting");
    if (person.kycStatus === "verified") throw refuse("kyc_verified_already");
    await insertKycFile(tx, {
      id,
      user_id: ctx.actor.id,
      country_code: country,
      document_type: type,
      sealed: Buffer.from(sealed),
      key_id: vault.keyId,
      digest: Buffer.from(digest),
      submitted_at: tx.at,
    });
    const ids = [...new Set(input.documentIds)];
    const attached = await attachDocuments(tx, { userId: ctx.actor.id, fileId: id, ids });
    if (attached !== ids.length) throw refuse("document_not_found");
    await setKycStatus(tx, ctx.actor.id, "submitted");
    await emit(tx, kycSubmitted, { fileId: id, userId: ctx.actor.id });
    await audit(tx, ctx.actor, "kyc.submit", id, { after: { countryCode: country, documentType: type } });
  });
  await catchUp(ports.accounts.access);
  return ownKyc(ctx.db, ctx.actor.id);
};

/** Where one's own file stands. */
export const ownKyc = async (db: Db, userId: Id<"user">): Promise<v.InferInput<typeof S.OwnKyc>> => {
  const row = await latestFileOf(db, userId);
  return { status: row?.status ?? "none", file: row ? await viewOf(db, row) : null };
};

/** Files that wait, oldest first, or that were decided, newest first. Nothing in a list identifies a document. */
export const kycQueue = async (
  db: Db,
  { status, limit, cursor }: v.InferOutput<typeof S.KycQueue>,
): Promise<Page<FileView>> => {
  const rows = await kycRows(db, { status, limit, after: afterMoment("kycFile", cursor) });
  const views = await fileViews(db, rows);
  const page = pageFrom(
    rows,
    limit,
    (row) => views.get(row.id),
    (row) => momentKey(row.submitted_at, row.id),
  );
  return { ...page, items: page.items.filter((view) => view !== undefined) };
};

/** A file with what it says, for a reviewer; leaves a trace in any case. */
export const readKyc = async (ctx: MemberContext, ports: Pick<KycPorts, "vault">, id: Id<"kycFile">) => {
  const { row, sealed, documents } = await ctx.transact(async (tx) => {
    const found = await kycRow(tx, id);
    const content = await sealedFile(tx, id);
    if (!found || !content) throw refuse("kyc_not_found");
    await audit(tx, ctx.actor, "kyc.read", id);
    return { row: found, sealed: content.sealed, documents: await documentsOfFile(tx, id) };
  });
  const vault = await ports.vault;
  const identification = await openIdentification(vault, sealed, id);
  const digests = await documentDigests(vault, {
    country: row.country_code,
    type: row.document_type,
    number: identification.documentNumber,
  });
  return {
    file: await viewOf(ctx.db, row),
    ...identification,
    documents: documents.map((document) => ({
      id: document.id,
      contentType: document.content_type,
      size: document.size,
      createdAt: document.created_at,
    })),
    sameDocument: await countSameDocument(ctx.db, row.user_id, digests),
  };
};

/** Verifies or rejects a file. Nobody decides on their own; of two reviewers at once the second is refused. */
export const decideKyc = async (
  ctx: MemberContext,
  { accounts }: Pick<KycPorts, "accounts">,
  {
    id,
    decision,
    reason = null,
  }: Pick<v.InferOutput<typeof S.DecideKyc>, "id" | "decision"> & {
    reason?: string | null | undefined;
  },
): Promise<FileView> => {
  await ctx.transact(async (tx) => {
    const row = await lockKycFile(tx, id);
    if (!row) throw refuse("kyc_not_found");
    const { user_id: userId, status } = row;
    if (userId === ctx.actor.id) throw refuse("kyc_own_file");
    if (status !== "submitted") throw refuse("kyc_decided_already", { status });
    await decideKycFile(tx, id, { status: decision, decidedBy: ctx.actor.id, reason });
    await setKycStatus(tx, userId, decision);
    await emit(tx, kycDecided, { fileId: id, userId, status: decision, reason });
    await audit(tx, ctx.actor, "kyc.decide", id, {
      before: { status },
      after: { status: decision, ...(reason ? { reason } : {}) },
    });
  });
  await catchUp(accounts.access);
  const decided = await kycRow(ctx.db, id);
  if (!decided) throw refuse("kyc_not_found");
  return viewOf(ctx.db, decided);
};
