import { expect, test } from "bun:test";
import { createLabels } from "./labels.ts";

test("strangers make no series of metrics: refused addresses that never answered are one, whatever they are called", () => {
  const label = createLabels();
  const seen = new Set<string>();
  for (let at = 0; at < 10_000; at++)
    for (const status of [401, 404, 429, 503])
      seen.add(JSON.stringify(label(`M${at}`, `/api/of-my-own-${at}/${at}`, status)));
  expect(seen.size).toBe(4);
  // What answers is called by its shape, also when it is refused afterwards.
  expect(label("GET", "/api/public/batches/12", 200).path).toBe("/api/public/batches/:id");
  expect(label("GET", "/api/public/batches/13", 429).path).toBe("/api/public/batches/:id");
  expect(label("GET", `/api/vehicles/veh_${"0".repeat(26)}/trips`, 200).path).toBe("/api/vehicles/:id/trips");
  for (let at = 0; at < 2_000; at++) seen.add(label("GET", `/api/x${"y".repeat(at)}`, 200).path);
  expect(seen.size).toBeLessThan(600);
});
