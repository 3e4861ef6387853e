export * from "@evx/proof";
