/** What a browser says of pushes: it knows none, was told not to show any, or its own service cannot be reached. */
export type PushFailure = "cannot" | "denied" | "failed";

const keyOf = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (char) => char.charCodeAt(0));

/** What people call the browser they hold: "Chrome, Windows". */
const labelOf = (agent: string): string => {
  const browser = /Edg\//.test(agent)
    ? "Edge"
    : /Firefox\//.test(agent)
      ? "Firefox"
      : /Chrome\//.test(agent)
        ? "Chrome"
        : "Safari";
  const system = /Android|iPhone|iPad|Windows|Mac OS|Linux/.exec(agent)?.[0] ?? "";
  return [browser, system].filter(Boolean).join(", ");
};

/** Asks the person, then the browser's push service. Answers what the venue needs, or why there are none. */
export const subscribeHere = async (
  publicKey: string,
): Promise<
  { endpoint: string; keys: { p256dh: string; auth: string }; label: string } | { failure: PushFailure }
> => {
  if (!("serviceWorker" in navigator) || !("PushManager" in window) || !("Notification" in window))
    return { failure: "cannot" };
  if ((await Notification.requestPermission()) !== "granted") return { failure: "denied" };
  try {
    await navigator.serviceWorker.register("/sw.js");
    const worker = await navigator.serviceWorker.ready;
    const known = await worker.pushManager.getSubscription();
    const subscription =
      known ??
      (await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: keyOf(publicKey) }));
    const { endpoint, keys } = subscription.toJSON();
    if (!endpoint || !keys?.p256dh || !keys.auth) return { failure: "failed" };
    return { endpoint, keys: { p256dh: keys.p256dh, auth: keys.auth }, label: labelOf(navigator.userAgent) };
  } catch {
    return { failure: "failed" };
  }
};
