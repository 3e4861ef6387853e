export * from "@evx/certificates/testing";
export * from "@evx/review/testing";
