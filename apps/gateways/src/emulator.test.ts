import { expect, test } from "bun:test";
import { networkInterfaces } from "node:os";
import { startEmulator } from "./emulator.ts";

test("the emulator answers this machine alone: whoever reaches it pays without money", async () => {
  const emulator = startEmulator({
    port: 0,
    webhookUrl: [],
    secretKey: "sk_test_x",
    webhookSecret: "whsec_x",
  });
  const { port } = new URL(emulator.url);
  const outward = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ internal, family }) => !internal && family === "IPv4");
  try {
    expect((await fetch(`http://127.0.0.1:${port}/health`)).status).toBe(200);
    for (const { address } of outward)
      expect(
        await fetch(`http://${address}:${port}/health`).then(
          () => "answered",
          () => "refused",
        ),
      ).toBe("refused");
    // A machine without another address shows it by the address that is listened on.
    expect(emulator.hostname).toBe("127.0.0.1");
  } finally {
    await emulator.stop();
  }
});
