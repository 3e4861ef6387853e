// Shows pushes while the site is closed, and opens what they are about. It keeps and answers nothing else.
self.addEventListener("push", (event) => {
  let message = {};
  try {
    message = event.data?.json() ?? {};
  } catch {
    // Not one of ours.
  }
  event.waitUntil(
    self.registration.showNotification(message.title ?? "EV Carbon Exchange", {
      body: message.body ?? "",
      icon: "/icon.svg",
      // The same message twice shows once.
      tag: message.id,
      data: { link: message.link ?? "/notifications" },
    }),
  );
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const address = new URL(event.notification.data?.link ?? "/notifications", self.location.origin);
  if (address.origin !== self.location.origin) return;
  event.waitUntil(self.clients.openWindow(address.href));
});
