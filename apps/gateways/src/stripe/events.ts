import { delayOf } from "../shared-wire.ts";
import type { Task, Thing } from "../store.ts";
import type { Worker } from "../timers.ts";
import { API_VERSION, type Mischief, NO_MISCHIEF, newName, seconds, visible, type World } from "./world.ts";

/** Stripe gives up on an endpoint after three days. */
const GIVE_UP_S = 3 * 24 * 60 * 60;
const LONGEST_BACKOFF_MS = 60_000;
const DELIVERY_TIMEOUT_MS = 10_000;

/** Records that something happened and plans its delivery to every endpoint. */
export const emit = (
  world: World,
  type: string,
  thing: Thing,
  { account, mischief = NO_MISCHIEF }: { account?: string; mischief?: Mischief } = {},
): void => {
  const event: Thing = {
    id: newName("evt_1"),
    object: "event",
    ...(account ? { account } : {}),
    api_version: API_VERSION,
    created: seconds(world),
    data: { object: visible(thing) },
    livemode: false,
    pending_webhooks: mischief.drop ? 0 : world.endpoints.length,
    request: { id: null, idempotency_key: null },
    type,
  };
  world.store.put(event, account ?? "");
  if (mischief.drop) return;
  const now = world.clock.now().getTime();
  for (let index = 0; index < world.endpoints.length; index++) {
    for (let copy = 0; copy < mischief.copies; copy++)
      world.store.later("deliver", `${event.id}|${index}`, now + delayOf(mischief));
  }
};

/** `t=<unix seconds>,v1=<hex HMAC-SHA256 of "t.body" under the whole whsec_ text>`. */
export const signatureOf = (body: string, secret: string, at_s: number): string =>
  `t=${at_s},v1=${new Bun.CryptoHasher("sha256", secret).update(`${at_s}.${body}`).digest("hex")}`;

/** Posts one event to one endpoint; anything but a 2xx is tried again, twice as late each time. */
export const deliver =
  (world: World): Worker =>
  async (task: Task) => {
    const [eventId, index] = task.subject.split("|");
    const event = world.store.get(eventId ?? "");
    const endpoint = world.endpoints[Number(index)];
    if (!event || !endpoint) return;
    const body = JSON.stringify(event, null, 2);
    const accepted = await fetch(endpoint.url, {
      method: "POST",
      headers: {
        "content-type": "application/json; charset=utf-8",
        "user-agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
        "stripe-signature": signatureOf(body, endpoint.secret, seconds(world)),
      },
      body,
      redirect: "manual",
      signal: AbortSignal.timeout(DELIVERY_TIMEOUT_MS),
    }).then(
      async (answer) => {
        await answer.arrayBuffer();
        return answer.ok;
      },
      () => false,
    );
    if (accepted || seconds(world) - event.created > GIVE_UP_S) return;
    const backoff_ms = Math.min(
      world.pace.retry_ms * 2 ** Math.min(task.attempt - 1, 20),
      LONGEST_BACKOFF_MS,
    );
    return { again: world.clock.now().getTime() + backoff_ms };
  };
