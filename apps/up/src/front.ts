/** nginx in front of two servers on this machine: what is shipped for containers, without TLS. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Child } from "./children.ts";

/** Debian keeps it where only an administrator's shell looks; NGINX_PATH looks elsewhere. */
export const nginxBinary = Bun.which("nginx", {
  PATH: process.env.NGINX_PATH ?? `${process.env.PATH}:/usr/sbin`,
});

const shippedAt = join(import.meta.dir, "../deploy/nginx.conf");

/** The shipped file with this machine's addresses: no TLS, no redirection, and no bound that one developer would meet. */
export const siteOf = (
  shipped: string,
  { port, servers }: { port: number; servers: readonly number[] },
): string =>
  shipped
    .replace(/server \{\s*listen 80;[\s\S]*?\n\}\n/, "")
    .replace("server-1:3000", `127.0.0.1:${servers[0]}`)
    .replace("server-2:3000", `127.0.0.1:${servers[1]}`)
    .replace("listen 443 ssl http2;", `listen 127.0.0.1:${port};`)
    .replace(/^ *ssl_.*\n/gm, "")
    .replace(/^ *access_log .*\n/gm, "  access_log off;\n")
    .replace("rate=50r/s", "rate=1000r/s")
    .replace("X-Forwarded-Proto $scheme", "X-Forwarded-Proto http");

export const startNginx = async ({
  folder,
  port,
  servers,
}: {
  folder: string;
  port: number;
  servers: readonly number[];
}): Promise<Child> => {
  await mkdir(folder, { recursive: true });
  const site = siteOf(await Bun.file(shippedAt).text(), { port, servers });
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
    .map((kind) => `${kind}_temp_path ${folder}/${kind};`)
    .join(" ");
  await Bun.write(
    join(folder, "nginx.conf"),
    `daemon off; pid ${folder}/nginx.pid; error_log stderr warn; worker_processes 1;
events { worker_connections 1024; }
http { ${temporary}
${site}}
`,
  );
  return {
    name: "nginx",
    expected: false,
    process: Bun.spawn([nginxBinary ?? "nginx", "-c", join(folder, "nginx.conf"), "-e", "stderr"], {
      stdin: "pipe",
      stdout: "ignore",
      stderr: "inherit",
    }),
  };
};
