import tailwindcss from "@tailwindcss/vite";
import { defineConfig } from "vite";
import solid from "vite-plugin-solid";
import { firstFiles, firstGroups, offlineFiles, packed } from "./build.ts";
import { guidePages, specification } from "./guide.ts";

const server = `http://127.0.0.1:${process.env.SERVER_PORT ?? "3000"}`;
const proxied = { target: server, changeOrigin: false };

export default defineConfig({
  plugins: [guidePages(), solid(), tailwindcss(), firstFiles(), offlineFiles(), specification(), packed()],
  server: {
    port: Number(process.env.WEB_PORT ?? 5173),
    strictPort: true,
    proxy: { "/trpc": proxied, "/api": proxied, "/health": proxied },
  },
  build: {
    // Every browser since 2024; light-dark() in the tokens needs no translation there.
    target: ["chrome123", "firefox128", "safari17.5"],
    cssTarget: ["chrome123", "firefox128", "safari17.5"],
    // The launcher builds for this machine, and builds often.
    sourcemap: process.env.WEB_BUILD !== "quick",
    manifest: true,
    modulePreload: {
      polyfill: false,
      // The lists of what each page imports weighed more than some pages; boot.js names what the first ones need.
      resolveDependencies: (_, files) => files.filter((file) => file.endsWith(".css")),
    },
    reportCompressedSize: false,
    rolldownOptions: {
      output: {
        // What every page needs comes as one file: many small ones pack worse and ask more often.
        codeSplitting: { groups: firstGroups },
      },
    },
  },
});
