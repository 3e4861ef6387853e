/** A venue full of text that would run if it were trusted: written through the API, into everything people can write. */

/** Breaks out of an attribute, of an element, of a script, of SQL and of a template, whichever it lands in. */
export const ugly =
  `"><img src=x onerror="globalThis.ran=1;alert(1)"><script>globalThis.ran=1</script>` +
  `<svg/onload=globalThis.ran=1>'; drop table identity.user; -- \${7*7}{{7*7}} javascript:globalThis.ran=1`;
/** The same for short fields, and for names, which take no angle brackets. */
export const uglyWord = `<img src=x onerror=ran=1>'";--`;
export const uglyName = `" onfocus="globalThis.ran=1" autofocus x='; drop table x;--`;

type Answer = Record<string, unknown> & { items?: Record<string, unknown>[] };

const at = (value: unknown, path: string): string =>
  String(
    path
      .split(".")
      .reduce<unknown>((from, name) => (from ? Reflect.get(from as object, name) : undefined), value),
  );

/** Fills the venue, and answers where its text must show. */
export const fillWithUglyText = async (base: string) => {
  const send = async (method: string, path: string, body: unknown, token = ""): Promise<Answer> => {
    const csv = typeof body === "string";
    const response = await fetch(`${base}${path}`, {
      method,
      headers: {
        "content-type": csv ? "text/csv" : "application/json",
        ...(token ? { authorization: `Bearer ${token}` } : {}),
      },
      ...(body === undefined ? {} : { body: csv ? body : JSON.stringify(body) }),
    });
    const answer = (await response.json()) as Answer;
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${JSON.stringify(answer)}`);
    return answer;
  };
  const signIn = async (email: string, password: string) =>
    at(await send("POST", "/api/users/login", { email, password }), "token");

  const password = "a-good-password";
  const email = `ugly-${Date.now()}@journey.example`;
  const wish = { email, password, fullName: uglyName, role: "ev_owner" };
  const ownerId = at(await send("POST", "/api/users/register", wish), "user.id");
  const owner = await signIn(email, password);
  const cva = await signIn("cva@demo.evx", "demo-password-1");
  const admin = await signIn("admin@demo.evx", "demo-password-1");

  const vin = `RLLVFE34XN${String(Date.now()).slice(-7)}`;
  const car = { make: uglyWord, model: uglyWord, year: 2022, vin, countryCode: "VN" };
  const vehicleId = at(await send("POST", "/api/vehicles", car, owner), "vehicle.id");
  await send("POST", `/api/vehicles/${vehicleId}/push-tokens`, { label: uglyWord }, owner);
  const quoted = `"${ugly.replaceAll('"', '""')}"`;
  const rows = [1, 2, 3].map(
    (day) => `2026-02-0${day}T08:00:00Z,2026-02-0${day}T09:00:00Z,40,7,${quoted},${quoted},${quoted}`,
  );
  const header = "start_time,end_time,distance_km,energy_consumed,start_location,end_location,notes";
  const bad = `${quoted},${quoted},${quoted},1,,,`;
  await send("POST", `/api/vehicles/${vehicleId}/trips`, `${[header, ...rows, bad].join("\n")}\n`, owner);
  const trips = await send("GET", `/api/vehicles/${vehicleId}/trips`, undefined, owner);
  const tripId = at(trips, "items.0.id");

  const requestId = at(await send("POST", "/api/credits/request", { vehicleId }, owner), "request.id");
  const review = (verb: string, body: object) =>
    send("POST", `/api/verification/requests/${requestId}/${verb}`, body, cva);
  await review("claim", {});
  await review("ask", { question: ugly });
  await send("POST", `/api/credits/requests/${requestId}/answer`, { answer: ugly }, owner);
  await send("POST", `/api/verification/approve/${requestId}`, { notes: ugly }, cva);
  const retire = {
    amount: "0.001",
    beneficiaryName: ugly.slice(0, 200),
    reason: "other",
    message: ugly,
  };
  const retired = await send("POST", "/api/credits/retire", retire, owner);
  const number = at(retired, "certificate.certificateNumber");
  await send(
    "POST",
    "/api/notifications/send",
    { userId: ownerId, type: "in_app", subject: ugly.slice(0, 200), message: ugly },
    admin,
  );
  return { email, password, ownerId, vehicleId, tripId, requestId, number };
};
