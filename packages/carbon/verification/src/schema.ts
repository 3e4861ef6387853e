export * from "@evx/certificates/schema";
export * from "@evx/review/schema";
