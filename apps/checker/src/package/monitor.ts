export * from "@evx/proof/monitor";
