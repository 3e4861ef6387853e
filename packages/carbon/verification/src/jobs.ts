import type { CertificatePorts } from "@evx/certificates";
import { certificateJobs } from "@evx/certificates/jobs";
import type { Handler } from "@evx/jobs";
import { reviewJobs } from "@evx/review/jobs";

export const verificationJobs = (ports: CertificatePorts): Handler[] => [
  ...certificateJobs(ports),
  ...reviewJobs,
];
