export * from "@evx/proof/daily";
