import type { CertificatePorts } from "@evx/certificates";
import { certificatesRouter } from "@evx/certificates/router";
import { requestsRouter, reviewRouter } from "@evx/review/router";
import { router } from "@evx/rpc";

export const verificationRouter = (ports: CertificatePorts) =>
  router({ requests: requestsRouter, review: reviewRouter(ports), certificates: certificatesRouter(ports) });
