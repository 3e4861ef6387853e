export * from "@evx/proof/batch";
