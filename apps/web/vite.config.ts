import { readdir, readFile, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import tailwindcss from "@tailwindcss/vite";
import { defineConfig, type Plugin } from "vite";
import solid from "vite-plugin-solid";

const server = `http://127.0.0.1:${process.env.SERVER_PORT ?? "3000"}`;
const proxied = { target: server, changeOrigin: false };

/** Packs each text file once, beside itself, so that the server never packs while someone waits. */
const packed = (): Plugin => {
  let folder = "dist";
  return {
    name: "evx:packed",
    apply: "build",
    configResolved(config) {
      folder = resolve(config.root, config.build.outDir);
    },
    async closeBundle() {
      const [brotli, zip] = [promisify(brotliCompress), promisify(gzip)];
      const files = await readdir(folder, { recursive: true });
      await Promise.all(
        files
          .filter((file) => /\.(js|css|html|svg|webmanifest|json)$/.test(file) && !file.startsWith("."))
          .map(async (file) => {
            const path = resolve(folder, file);
            const bytes = await readFile(path);
            if (bytes.byteLength < 600) return;
            const params = { [constants.BROTLI_PARAM_QUALITY]: 10 };
            await Promise.all([
              brotli(bytes, { params }).then((small) => writeFile(`${path}.br`, small)),
              zip(bytes, { level: 9 }).then((small) => writeFile(`${path}.gz`, small)),
            ]);
          }),
      );
    },
  };
};

export default defineConfig({
  plugins: [solid(), tailwindcss(), packed()],
  server: {
    port: Number(process.env.WEB_PORT ?? 5173),
    strictPort: true,
    proxy: { "/trpc": proxied, "/api": proxied, "/health": proxied },
  },
  build: {
    // Every browser since 2024; light-dark() in the tokens needs no translation there.
    target: ["chrome123", "firefox128", "safari17.5"],
    cssTarget: ["chrome123", "firefox128", "safari17.5"],
    sourcemap: true,
    manifest: true,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
});
