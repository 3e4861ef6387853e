import type { CertificatePorts } from "@evx/certificates";
import { certificateJobs } from "@evx/certificates/jobs";
import { certificatesRouter } from "@evx/certificates/router";
import type { Handler } from "@evx/jobs";
import { reviewJobs } from "@evx/review/jobs";
import { requestsRouter, reviewRouter } from "@evx/review/router";
import { mergeRouters, router } from "@evx/rpc";
import { submissionJobs } from "@evx/submissions/jobs";
import { submissionsRouter } from "@evx/submissions/router";

/** Requests, their review and certificates under one name on the wire. */
export const verificationRouter = (ports: CertificatePorts) =>
  router({
    requests: mergeRouters(requestsRouter, submissionsRouter),
    review: reviewRouter(ports),
    certificates: certificatesRouter(ports),
  });

/** What these rooms do behind. */
export const verificationJobs = (ports: CertificatePorts): readonly Handler[] => [
  ...certificateJobs(ports),
  ...reviewJobs,
  ...submissionJobs,
];
