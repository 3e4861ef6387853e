import { type EmulatorOptions, startEmulator } from "./emulator.ts";

/** A webhook as it arrived: the exact text and its signature. */
export type Delivered = { body: string; signature: string; type: string; id: string };

/**
 * An endpoint that keeps what it is sent, and an emulator that sends to it.
 * `answers` are the statuses of the first deliveries; after them every one is accepted.
 */
export const emulatorWithEndpoint = (options: Partial<EmulatorOptions> = {}, answers: number[] = []) => {
  const delivered: Delivered[] = [];
  const endpoint = Bun.serve({
    port: 0,
    async fetch(request) {
      const body = await request.text();
      const event = JSON.parse(body) as { id: string; type: string };
      const signature = request.headers.get("stripe-signature") ?? "";
      delivered.push({ body, signature, type: event.type, id: event.id });
      return new Response(null, { status: answers.shift() ?? 200 });
    },
  });
  const start = () =>
    startEmulator({
      port: 0,
      webhookUrl: `http://localhost:${endpoint.port}/hook`,
      secretKey: "sk_test_key_of_tests",
      webhookSecret: "whsec_of_tests",
      pace: { payout_ms: 20, refund_ms: 20, dispute_ms: 20, retry_ms: 10 },
      ...options,
    });
  let emulator = start();
  return {
    delivered,
    get url() {
      return emulator.url;
    },
    /** Waits until so many events of a type, that name `about`, have arrived; fails after five seconds. */
    async arrived(type: string, count = 1, about = ""): Promise<Delivered[]> {
      for (let tries = 0; tries < 500; tries++) {
        const found = delivered.filter((event) => event.type === type && event.body.includes(about));
        if (found.length >= count) return found;
        await Bun.sleep(10);
      }
      throw new Error(
        `${count} × ${type} did not arrive; there came ${delivered.map((event) => event.type)}`,
      );
    },
    async restart() {
      await emulator.stop();
      emulator = start();
    },
    async stop() {
      await emulator.stop();
      await endpoint.stop(true);
    },
  };
};

/** Posts a card to a payment page as its form does; answers without following the redirect. */
export const payAtPage = (page: string, card: string, query = ""): Promise<Response> =>
  fetch(`${page}${query}`, {
    method: "POST",
    body: new URLSearchParams({ card }),
    redirect: "manual",
  });
