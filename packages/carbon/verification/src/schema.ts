// Everything that crosses the wire, and the closed lists behind it. Safe for the browser.
export * from "./reasons.ts";
export * from "./schema/certificates.ts";
export * from "./schema/requests.ts";
