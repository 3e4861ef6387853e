import { expect, test } from "bun:test";
import { deviceOf } from "./device.ts";

test("a user agent is said as people call their browser and system", () => {
  const chrome = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0";
  expect(deviceOf(`Mozilla/5.0 (X11; Linux x86_64) ${chrome} Safari/537.36`)).toBe("Chrome, Linux");
  expect(deviceOf(`Mozilla/5.0 (Linux; Android 15; Pixel 9) ${chrome} Mobile Safari/537.36`)).toBe(
    "Chrome, Android",
  );
  expect(deviceOf("curl/8.9")).toBe("curl");
  expect(deviceOf("")).toBeNull();
});
