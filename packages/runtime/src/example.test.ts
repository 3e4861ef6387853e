import { expect, test } from "bun:test";
import { join } from "node:path";
import { settingNames } from "./config.ts";

const root = join(import.meta.dir, "../../..");
const text = (path: string) => Bun.file(join(root, path)).text();

/** Said by the image or the composition itself, or beside an address of its own; or of no use where there is one image. */
const image = ["HOST", "PORT", "DATA_DIR", "DATABASE_PASSWORD", "WORKER_NAME", "WEB_DIST"];
/** In production these are the gateways' own addresses, and there is no emulator: nobody has to choose. */
const fixed = ["STRIPE_API_URL", "PAYPAL_API_URL", "VNPAY_PAY_URL", "VNPAY_API_URL", "PUSH_EMULATOR"];
const own = [...image, ...fixed];
/** Read by the composition and what it starts beside servers and workers, and by `deploy`. */
const beside =
  /^(EVX_IMAGE|(HTTP|HTTPS|MAIL|PROMETHEUS|GRAFANA)_PORT|TLS_DIR|GRAFANA_PASSWORD|POSTGRES_PASSWORD|(APP|WORKER)_DB_PASSWORD|DATABASE_ADMIN_URL)$/;

test("every setting that the code reads stands in .env.example and reaches the containers, and none that it does not read", async () => {
  const example = [...(await text(".env.example")).matchAll(/^(\w+)=/gm)].map(([, name = ""]) => name);
  const compose = new Set(
    [...(await text("docker-compose.yml")).matchAll(/^ +(\w+):/gm)].map(([, name = ""]) => name),
  );
  expect(settingNames.length).toBeGreaterThan(50);
  expect(settingNames.filter((name) => !example.includes(name) && !own.includes(name))).toEqual([]);
  expect(settingNames.filter((name) => !compose.has(name) && !own.includes(name))).toEqual([]);
  expect(example.filter((name) => !settingNames.includes(name) && !beside.test(name))).toEqual([]);
  expect(new Set(example).size).toBe(example.length);
});

test("a container is given as long to stop as a server may take to leave", async () => {
  const [, grace_s] =
    /^x-app:[\s\S]*?stop_grace_period: (\d+)s/m.exec(await text("docker-compose.yml")) ?? [];
  const longest_s = Number(
    /maxValue\((\d+), "must be at most/.exec(await text("packages/runtime/src/config.ts"))?.[1],
  );
  const patience_s = Number(
    /patience_ms = (\d+) \* second_ms/.exec(await text("apps/server/src/serve.ts"))?.[1],
  );
  expect(longest_s + patience_s).toBeGreaterThan(0);
  expect(Number(grace_s)).toBeGreaterThanOrEqual(longest_s + patience_s);
});
