import { CadTrustQuery } from "@evx/credits/schema";
import { fileAnswer } from "@evx/kernel";
import { member, open, operator, rest, router, told } from "@evx/rpc";
import { onlooker, selfOrOnlooker } from "./access.ts";
import { accreditationOf, auditors, cadTrustAccredited, enterAccreditation } from "./accreditations.ts";
import { holdingProof, publicBook } from "./books.ts";
import { certificateView } from "./certificates.ts";
import { certificateCardAnswer, certificateFileAnswer, certificatesCsv } from "./files.ts";
import { registryGlance } from "./glance.ts";
import { publicKeys } from "./keys.ts";
import type { CertificatePorts } from "./ports.ts";
import {
  certificatesIssuedBy,
  certificatesOf,
  publicBatch,
  publicCertificate,
  publicLeaves,
  publicStatus,
  publishedRoot,
  searchCertificates,
} from "./registry.ts";
import { retireCredits } from "./retirements.ts";
import { revokeCertificate } from "./revocation.ts";
import * as S from "./schema.ts";
import { publicSnapshots, snapshotFile, snapshotStatement } from "./snapshots.ts";
import { verifyAll } from "./verification.ts";

/** What holders, reviewers and operators do with certificates. */
const holding = (ports: CertificatePorts) => ({
  retire: member
    .meta(rest("POST", "/credits/retire", { status: 201, summary: "Retire credits for a beneficiary" }))
    .input(S.Retire)
    .output(S.CertificateAnswer)
    .mutation(async ({ ctx, input: { retirementId, ...input } }) => {
      const id = retirementId ?? (await ctx.nameFor("retirement"));
      const row = await ctx.transact((tx) => retireCredits(tx, ports, ctx.actor, { id, ...input }));
      return { certificate: await certificateView(ctx.db, ports, row) };
    }),
  list: member
    .meta(rest("GET", "/verification/certificates/{userId}", { summary: "A person's certificates" }))
    .input(S.ListCertificates)
    .output(S.CertificatePage)
    .query(({ ctx, input }) => {
      selfOrOnlooker(ctx.actor, input.userId);
      return certificatesOf(ctx.db, ports, input);
    }),
  bookProof: member
    .meta(
      rest("GET", "/book/proof", {
        summary: "What you held when the day's book was closed, and the proof that it is in the book",
      }),
    )
    .input(S.BookOfDay)
    .output(S.HoldingProof)
    .query(({ ctx, input }) => holdingProof(ctx.db, ctx.actor.id, input.day)),
  issued: onlooker
    .meta(
      rest("GET", "/verification/issued-certificates", {
        summary: "Certificates that you issued; an operator's: all",
      }),
    )
    .input(S.IssuedCertificates)
    .output(S.CertificatePage)
    .query(({ ctx, input }) => certificatesIssuedBy(ctx.db, ports, ctx.actor, input)),
  revoke: onlooker
    .meta(
      rest("POST", "/verification/certificates/{id}/revoke", {
        summary: "Revoke a certificate with a reason",
      }),
    )
    .input(S.Revoke)
    .output(S.CertificateAnswer)
    .mutation(({ ctx, input }) =>
      ctx.transact(async (tx) => ({ certificate: await revokeCertificate(tx, ports, ctx.actor, input) })),
    ),
});

/** Batches and the daily book, with their trees. */
const trees = {
  batch: open
    .meta(
      rest("GET", "/public/batches/{number}", { summary: "A batch with its tree and its place in the log" }),
    )
    .input(S.BatchNumber)
    .output(S.PublicBatch)
    .query(({ ctx, input }) => publicBatch(ctx.db, BigInt(input.number))),
  leaves: open
    .meta(rest("GET", "/public/batches/{number}/leaves", { summary: "The salted leaves of a batch's tree" }))
    .input(S.BatchNumber)
    .output(S.PublicLeaves)
    .query(({ ctx, input }) => publicLeaves(ctx.db, BigInt(input.number))),
  book: open
    .meta(
      rest("GET", "/public/book", { summary: "The newest daily book: its root over what everybody holds" }),
    )
    .output(S.PublicBook)
    .query(({ ctx }) => publicBook(ctx.db)),
  root: open
    .meta(
      rest("GET", "/public/registry/batches/{number}/root", {
        summary: "The Merkle root over a batch's trips",
      }),
    )
    .input(S.BatchNumber)
    .output(S.PublishedRoot)
    .query(({ ctx, input }) => publishedRoot(ctx.db, BigInt(input.number))),
};

/** What anybody may look up without an account. */
const registry = (ports: CertificatePorts) => ({
  glance: open
    .meta(
      rest("GET", "/public/glance", { summary: "The newest batch, one gram's life, the last retirements" }),
    )
    .output(S.Glance)
    .query(({ ctx }) => registryGlance(ctx.db, ctx.clock.now())),
  search: open
    .meta(rest("GET", "/public/certificates", { summary: "The public registry of certificates" }))
    .input(S.SearchRegistry)
    .output(S.RegistryPage)
    .query(({ ctx, input }) => searchCertificates(ctx.db, input)),
  csv: open
    .meta({
      ...rest("GET", "/public/certificates.csv", { summary: "The registry as CSV", file: true }),
      points: 5,
    })
    .input(S.SearchRegistry)
    .output(fileAnswer)
    .query(({ ctx, input }) => certificatesCsv(ctx.db, input)),
  public: open
    .meta(rest("GET", "/public/certificates/{number}", { summary: "A certificate with its signature" }))
    .input(S.CertificateNumber)
    .output(S.PublicCertificate)
    .query(({ ctx, input }) => publicCertificate(ctx.db, ports, input.number, ctx.clock.now())),
  status: open
    .meta(
      rest("GET", "/public/certificates/{number}/status", {
        summary: "What the registry says of a certificate now, signed and dated",
      }),
    )
    .input(S.CertificateNumber)
    .output(S.Status)
    .query(({ ctx, input }) => publicStatus(ctx.db, ports, input.number, ctx.clock.now())),
  pdf: open
    .meta({
      ...rest("GET", "/public/certificates/{number}/pdf", { summary: "A certificate as PDF", file: true }),
      points: 5,
    })
    .input(S.PrintCertificate)
    .output(fileAnswer)
    .query(({ ctx, input }) => certificateFileAnswer(ctx, ports, input)),
  card: open
    .meta({
      ...rest("GET", "/public/certificates/{number}/card.png", {
        summary: "A certificate's picture for links, 1200 by 630",
        file: true,
      }),
      points: 5,
    })
    .input(S.PrintCertificate)
    .output(fileAnswer)
    .query(({ ctx, input }) => certificateCardAnswer(ctx, input)),
});

/** The registry in others' words. */
const exported = (ports: CertificatePorts) => ({
  cadTrust: open
    .meta({
      ...rest("GET", "/public/registry/cad-trust", {
        summary: "Batches and their units in the words of the Climate Action Data Trust (2.0.2)",
      }),
      points: 5,
    })
    .input(CadTrustQuery)
    .output(S.CadTrustPage)
    .query(({ ctx, input }) => cadTrustAccredited(ctx.db, ports.publicUrl, input)),
});

/** By whom auditors are accredited. */
const accreditations = {
  auditors: open
    .meta(
      rest("GET", "/public/auditors", {
        summary: "Auditors: by whom they are accredited, and their assurance",
      }),
    )
    .output(S.Auditors)
    .query(({ ctx }) => auditors(ctx.db, ctx.clock.now())),
  accreditation: operator
    .meta(rest("GET", "/admin/auditors/{id}/accreditation", { summary: "An auditor's accreditation" }))
    .input(S.AuditorId)
    .output(S.AccreditationAnswer)
    .query(async ({ ctx, input }) => ({
      accreditation: await accreditationOf(ctx.db, input.id, ctx.clock.now()),
    })),
  enterAccreditation: operator
    .meta(rest("PUT", "/admin/auditors/{id}/accreditation", { summary: "Enter an auditor's accreditation" }))
    .input(S.EnterAccreditation)
    .output(S.AccreditationAnswer)
    .mutation(({ ctx, input }) =>
      ctx.transact(async (tx) => ({ accreditation: await enterAccreditation(tx, ctx.actor, input) })),
    ),
};

/** The registry as it was on each day, whole. */
const snapshots = {
  snapshots: open
    .meta(
      rest("GET", "/public/snapshots", {
        summary: "Daily snapshots of the registry: signed statements of their hashes",
      }),
    )
    .input(S.SnapshotQuery)
    .output(S.Snapshots)
    .query(({ ctx, input }) => publicSnapshots(ctx.db, input)),
  snapshotStatement: open
    .meta(
      rest("GET", "/public/snapshots/{day}/statement", {
        summary: "A day's statement, with what shows that the public log has it",
      }),
    )
    .input(S.SnapshotDay)
    .output(S.SnapshotStatement)
    .query(({ ctx, input }) => snapshotStatement(ctx.db, input.day)),
  snapshot: open
    .meta({
      ...rest("GET", "/public/snapshots/{day}", {
        summary: "A day's snapshot: a line of JSON for every row, packed by gzip",
        file: true,
      }),
      points: 5,
    })
    .input(S.SnapshotDay)
    .output(fileAnswer)
    .query(({ ctx, input }) => snapshotFile(ctx.db, input.day)),
};

/** The registry as a whole: its keys, and whether every row is what was logged and signed. */
const wholeness = (ports: CertificatePorts) => ({
  verifyAll: operator
    .meta(told("Compare every row with the public log, check every signature and the audit trail"))
    .input(S.VerifyRegistry)
    .output(S.RegistryVerdict)
    .query(({ ctx, input }) =>
      verifyAll(ctx.db, ports, ctx.clock.now(), { remembered: input?.remembered ?? null }),
    ),
  keys: open
    .meta(rest("GET", "/public/keys", { summary: "Public keys that certificates are signed with" }))
    .output(S.PublicKeys)
    .query(async ({ ctx }) => ({ items: await publicKeys(ctx.db, ports, ctx.clock.now()) })),
});

export const certificatesRouter = (ports: CertificatePorts) =>
  router({
    ...holding(ports),
    ...registry(ports),
    ...exported(ports),
    ...trees,
    ...accreditations,
    ...snapshots,
    ...wholeness(ports),
  });
