import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Glob } from "bun";

/** A digest of everything that the built web depends on. */
const sourcesDigest = (root: string): string => {
  const hasher = new Bun.CryptoHasher("sha256");
  hasher.update(readFileSync(join(root, "bun.lock")));
  const sources = [
    ...new Glob("{apps/web,packages/web/ui,packages/ground/kernel}/{src,public}/**/*").scanSync(root),
    ...new Glob("packages/**/src/{schema,errors}*.ts").scanSync(root),
    ...new Glob("packages/**/src/schema/*.ts").scanSync(root),
    ...new Glob("apps/web/{index.html,vite.config.ts,package.json}").scanSync(root),
  ].sort();
  for (const file of sources) hasher.update(file).update(readFileSync(join(root, file)));
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
