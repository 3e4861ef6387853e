export * from "@evx/proof/log";
