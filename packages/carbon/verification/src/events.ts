export * from "@evx/certificates/events";
export * from "@evx/review/events";
