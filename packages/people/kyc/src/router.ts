import { member, operator, rest, router, told } from "@evx/rpc";
import { downloadDocument, uploadDocument } from "./documents.ts";
import { decideKyc, kycQueue, ownKyc, readKyc, submitKyc } from "./files.ts";
import type { KycPorts } from "./ports.ts";
import { isReviewer, reviewer } from "./reviewer.ts";
import { rotateKyc } from "./rotation.ts";
import * as S from "./schema.ts";

const uploadMeta = rest("POST", "/account/kyc/documents", {
  status: 201,
  summary: "Send a picture of an identity document: JPEG, PNG, WebP or PDF up to 10 MB",
  body: "stream",
  maxBytes: 10_485_760,
});
const submitMeta = rest("POST", "/account/kyc", { status: 201, summary: "Hand in proof of your identity" });
const kycMeta = rest("GET", "/account/kyc", { summary: "Where your proof of identity stands" });
const documentMeta = rest("GET", "/account/kyc/documents/{id}", {
  summary: "A picture of a document: your own, or one that was handed in for a reviewer",
  file: true,
});

/** One's own proof: open also to those who still have to set up their second factor. */
const own = member.meta({ beforeTwoFactor: true });

/** Proof of identity: of oneself, and for reviewers. */
export const kycRouter = (ports: KycPorts) =>
  router({
    upload: own
      .meta(uploadMeta)
      .input(S.UploadDocument)
      .output(S.DocumentAnswer)
      .mutation(({ ctx, input }) => uploadDocument(ctx, ports, input.content)),
    submit: own
      .meta(submitMeta)
      .input(S.SubmitKyc)
      .output(S.OwnKyc)
      .mutation(({ ctx, input }) => submitKyc(ctx, ports, input)),
    mine: own
      .meta(kycMeta)
      .output(S.OwnKyc)
      .query(({ ctx }) => ownKyc(ctx.db, ctx.actor.id)),
    document: member
      .meta(documentMeta)
      .input(S.DocumentId)
      .query(({ ctx, input }) =>
        downloadDocument(ctx, ports, { id: input.id, reviewer: isReviewer(ctx.actor) }),
      ),
    queue: reviewer
      .meta(told("Proofs of identity, those that wait longest first"))
      .input(S.KycQueue)
      .output(S.KycPage)
      .query(({ ctx, input }) => kycQueue(ctx.db, input)),
    read: reviewer
      .meta(told("A proof of identity; the reading is noted"))
      .input(S.KycFileId)
      .output(S.KycDetail)
      .query(({ ctx, input }) => readKyc(ctx, ports, input.id)),
    decide: reviewer
      .meta(told("Accept or reject a proof of identity, with a reason"))
      .input(S.DecideKyc)
      .output(S.KycFile)
      .mutation(({ ctx, input }) => decideKyc(ctx, ports, input)),
    rotate: operator
      .meta(told("Encrypt documents that lie under older keys with the present one"))
      .output(S.Rotated)
      .mutation(({ ctx }) => rotateKyc(ctx, ports)),
  });
