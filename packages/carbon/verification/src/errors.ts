export { refuse as refuseCertificate } from "@evx/certificates/errors";
export { refuse as refuseRequest } from "@evx/review/errors";
