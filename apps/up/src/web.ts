import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Glob } from "bun";

/** What the built web is made of. Folders that differ by more than a name have a pattern each: braces know no slash. */
const patterns = [
  "bun.lock",
  "apps/web/{src,public}/**/*",
  "apps/web/*.{ts,html,json}",
  "packages/web/ui/src/**/*",
  "packages/ground/{kernel,proof,seal}/src/**/*",
  "packages/**/src/{schema,errors,policy}*.ts",
  "packages/**/src/schema/*.ts",
  "apps/checker/src/**/*",
  "docs/**/*.md",
  "docs/spec/**/*.{json,py}",
];

/** Every file that the built web depends on, under the root. */
export const webSources = (root: string): string[] =>
  [...new Set(patterns.flatMap((pattern) => [...new Glob(pattern).scanSync(root)]))]
    .filter((file) => !file.includes("node_modules"))
    .sort();

/** A digest of everything that the built web depends on. */
const sourcesDigest = (root: string): string => {
  const hasher = new Bun.CryptoHasher("sha256");
  for (const file of webSources(root)) hasher.update(file).update(readFileSync(join(root, file)));
  return hasher.digest("hex");
};

/** Builds the web app unless the present build was made from these very sources. Answers whether it built. */
export const buildWeb = async (root: string): Promise<boolean> => {
  const marker = join(root, "apps/web/dist/.sources");
  const digest = sourcesDigest(root);
  if (existsSync(marker) && readFileSync(marker, "utf8") === digest) return false;
  const child = Bun.spawn([process.execPath, "run", "build"], {
    cwd: join(root, "apps/web"),
    env: { ...process.env, WEB_BUILD: "quick" },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const said = (await new Response(child.stdout).text()) + (await new Response(child.stderr).text());
  if ((await child.exited) !== 0) throw new Error(`The web app could not be built:\n${said.trim()}`);
  writeFileSync(marker, digest);
  return true;
};
