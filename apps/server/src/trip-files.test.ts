/** Files of trips over real HTTP: whatever is sent, the answer is clear, good rows are kept, and the server lives. */

import { afterAll, afterEach, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync } from "node:fs";
import { connect } from "node:net";
import { sharedData } from "@evx/kernel/testing";
import { type Answer, restClient, until } from "./rest-client.ts";
import { type LiveWorld, startLiveWorld } from "./testing.ts";

const data = sharedData("trips");
const withFile = (file: string) => test.skipIf(!existsSync(`${data}/${file}`));

setDefaultTimeout(60_000);

let world: LiveWorld;
let rest: ReturnType<typeof restClient>;
let token: string;

beforeAll(async () => {
  world = await startLiveWorld();
  rest = restClient(world.url);
  const person = { email: "files@example.com", password: "a-long-password-1" };
  await rest.post("/api/users/register", { ...person, fullName: "Owner", role: "ev_owner" });
  token = (await rest.post("/api/users/login", person)).text("token");
});
afterAll(() => world.close());
afterEach(async () => expect((await rest.get("/health")).at("status")).toBe("healthy"));

let cars = 0;
/** European numbers need no right check digit. */
const aVin = () => `VF1AGVYB05${String(++cars).padStart(7, "0")}`;

const aCar = async (wish: Record<string, unknown> = {}): Promise<string> => {
  const car = { make: "VinFast", model: "VF 8", year: 2023, vin: aVin(), countryCode: "VN", ...wish };
  const made = await rest.post("/api/vehicles", car, { token });
  expect(made.status).toBe(201);
  return made.text("vehicle.id");
};

type Content = string | Uint8Array<ArrayBuffer> | Blob | ReadableStream<Uint8Array>;

const send = async (vehicle: string, content: Content, type = "text/csv"): Promise<Answer> => {
  const response = await fetch(`${world.url}/api/vehicles/${vehicle}/trips`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": type },
    body: content,
  });
  const body: unknown = await response.json();
  const at = (path: string) =>
    path.split(".").reduce<unknown>((value, name) => Reflect.get(Object(value), name), body);
  const list = (path: string) => (Array.isArray(at(path)) ? (at(path) as unknown[]) : []);
  return { status: response.status, body, headers: response.headers, at, text: (p) => String(at(p)), list };
};
/** What an import came to, waited for where the worker does it. */
const imported = async (vehicle: string, content: Content): Promise<Answer> => {
  const answer = await send(vehicle, content);
  if (answer.status !== 202) return answer;
  return until(
    () => rest.get(`/api/imports/${answer.text("importId")}`, { token }),
    (at) => at.at("status") === "done",
  );
};
const tripsOf = async (vehicle: string): Promise<Record<string, unknown>[]> => {
  const answer = await rest.get(`/api/vehicles/${vehicle}/trips?limit=100`, { token });
  return answer.list("items") as Record<string, unknown>[];
};
const counts = (answer: Answer) =>
  ["imported", "duplicates", "flagged", "rejectedCount"].map((name) => answer.at(name));

const header = "start_time,end_time,distance_km,energy_kwh,notes";
const day = (n: number) => new Date(Date.UTC(2025, 0, 1 + n)).toISOString().slice(0, 10);
const good = (n: number) => `${day(n)}T08:00:00Z,${day(n)}T08:30:00Z,12.5,2.2,fine`;

describe("broken rows cost themselves alone", () => {
  const future = new Date(Date.now() + 86_400_000 * 30).toISOString();
  const later = new Date(Date.now() + 86_400_000 * 30 + 3_600_000).toISOString();
  const cases: [string, string, string, string][] = [
    ["a date in the future", `${future},${later},10,2,x`, "end", "in_future"],
    [
      "a negative distance",
      `${day(5)}T10:00:00Z,${day(5)}T11:00:00Z,-3,2,x`,
      "distance",
      "distance_negative",
    ],
    ["NaN", `${day(5)}T10:00:00Z,${day(5)}T11:00:00Z,NaN,2,x`, "distance", "distance_unreadable"],
    ["an end before the start", `${day(5)}T11:00:00Z,${day(5)}T10:00:00Z,9,2,x`, "end", "end_before_start"],
    ["a line of ten megabytes", `${day(5)},${"x".repeat(10_000_000)}`, "row", "row_too_long"],
    ["too few cells", `${day(5)}T10:00:00Z`, "end", "end_missing"],
  ];
  for (const [name, row, field, code] of cases) {
    test(`${name}: ${code}, with row and field; the rows around it are kept`, async () => {
      const answer = await imported(await aCar(), [header, good(1), row, good(2)].join("\n"));
      expect(answer.status).toBe(200);
      expect(counts(answer)).toEqual([2, 0, 0, 1]);
      expect(answer.list("rejected")).toEqual([expect.objectContaining({ row: 3, field, code })]);
      expect(answer.text("rejected.0.reason").length).toBeGreaterThan(10);
    });
  }

  test("one byte that is no UTF-8 in the middle: every row is read, and the byte as an old Windows encoding has it", async () => {
    const text = [header, good(1), good(2).replace("fine", "fi?ne"), good(3)].join("\n");
    const bytes = new TextEncoder().encode(text);
    bytes[text.indexOf("?")] = 0xff;
    const vehicle = await aCar();
    expect(counts(await send(vehicle, bytes))).toEqual([3, 0, 0, 0]);
    expect((await tripsOf(vehicle)).map((trip) => trip.notes)).toEqual(["fine", "fi\u00ffne", "fine"]);
  });

  test("a hundred columns, ours among them in any order, with any separator", async () => {
    const extra = Array.from({ length: 100 }, (_, n) => `extra ${n}`);
    const names = [...extra.slice(0, 60), "km", ...extra.slice(60), "end", "start"].join(";");
    const row = (n: number) =>
      [...extra.slice(0, 60), "12,5", ...extra.slice(60), `${day(n)} 09:00`, `${day(n)} 08:00`].join(";");
    const answer = await send(await aCar(), [names, row(1), row(2)].join("\r\n"));
    expect([answer.status, ...counts(answer)]).toEqual([200, 2, 0, 0, 0]);
  });
});

describe("what is no file of trips gets one clear answer, and nothing is stored", () => {
  const bytes = (...start: number[]) => {
    const content = new Uint8Array(3_000_000);
    crypto.getRandomValues(content.subarray(0, 60_000));
    content.set(start);
    return content;
  };
  const cases: [string, () => Content, number, string][] = [
    ["an empty file", () => "", 400, "import_empty"],
    ["a header only", () => `${header}\n`, 400, "import_no_rows"],
    ["a ZIP of nothing", () => bytes(0x50, 0x4b, 3, 4, 20, 0, 0, 0), 400, "import_archive_broken"],
    ["a picture", () => bytes(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10), 415, "import_not_text"],
    ["zeros", () => new Uint8Array(1_000_000), 415, "import_not_text"],
    ["a letter", () => "Dear Sir or Madam,\nI drove a lot.\n", 400, "import_format_unknown"],
    [
      "a hundred columns of nothing we know",
      () => `${"a,".repeat(99)}b\n${"1,".repeat(99)}1`,
      400,
      "import_format_unknown",
    ],
    [
      "ten thousand columns",
      () => `start,end,km${",x".repeat(10_000)}\n${good(1)}`,
      400,
      "import_columns_too_many",
    ],
    ["ten megabytes without a line's end", () => "a".repeat(10_000_000), 400, "import_format_unknown"],
  ];
  for (const [name, content, status, code] of cases) {
    test(`${name}: ${status} ${code}`, async () => {
      const vehicle = await aCar();
      const answer = await send(vehicle, content());
      expect([answer.status, answer.at("error.code")]).toEqual([status, code]);
      expect(answer.text("error.message")).toMatch(/[Nn]othing was imported/);
      expect(await tripsOf(vehicle)).toEqual([]);
    });
  }

  test("two gigabytes, announced: refused in words before they are sent", async () => {
    const vehicle = await aCar();
    const answer = await new Promise<string>((resolve, reject) => {
      let text = "";
      const { hostname, port } = new URL(world.url);
      const socket = connect(Number(port), hostname, () => {
        socket.write(
          `POST /api/vehicles/${vehicle}/trips HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${token}\r\ncontent-type: text/csv\r\ncontent-length: ${2 * 1024 ** 3}\r\n\r\n${header}\n`,
        );
      });
      socket.on("data", (chunk) => {
        text += chunk;
        if (text.includes("requestId")) {
          resolve(text);
          socket.destroy();
        }
      });
      socket.on("error", reject);
    });
    expect(answer).toStartWith("HTTP/1.1 413");
    expect(answer).toContain("body_too_large");
  });

  test("an endless stream of what is no text is broken off at once", async () => {
    let sent = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        sent += 65_536;
        controller.enqueue(new Uint8Array(65_536));
        if (sent > 200_000_000) controller.close();
      },
    });
    expect((await send(await aCar(), endless)).at("error.code")).toBe("import_not_text");
  });
});

describe("how files are written makes no difference", () => {
  const rows = [header, good(1), good(2), `${day(3)}T08:00:00Z,${day(3)}T08:30:00Z,12.5,2.2,"two\nlines"`];
  const comma = rows.map((row) =>
    row.replaceAll(",", ";").replaceAll("12.5", "12,5").replaceAll("2.2;", "2,2;"),
  );
  const utf16 = (text: string, big: boolean) => {
    const content = new DataView(new ArrayBuffer(text.length * 2 + 2));
    content.setUint16(0, 0xfeff, !big);
    for (let at = 0; at < text.length; at++) content.setUint16(at * 2 + 2, text.charCodeAt(at), !big);
    return new Uint8Array(content.buffer);
  };
  const ways: [string, Content][] = [
    ["UTF-8", rows.join("\n")],
    ["UTF-8 with its mark, CRLF", `\ufeff${rows.join("\r\n")}\r\n`],
    ["UTF-16, little end first", utf16(rows.join("\r\n"), false)],
    ["UTF-16, big end first", utf16(rows.join("\n"), true)],
    ["semicolons and decimal commas", comma.join("\r\n")],
    ["tabs", rows.map((row) => row.replaceAll(",", "\t")).join("\n")],
  ];
  for (const [name, content] of ways) {
    test(name, async () => {
      const vehicle = await aCar();
      expect(counts(await send(vehicle, content))).toEqual([3, 0, 0, 0]);
      const trips = await tripsOf(vehicle);
      expect(trips.map((trip) => [trip.startTime, trip.distanceKm, trip.energyKwh, trip.notes])).toEqual([
        [`${day(3)}T08:00:00.000Z`, 12.5, 2.2, "two\nlines"],
        [`${day(2)}T08:00:00.000Z`, 12.5, 2.2, "fine"],
        [`${day(1)}T08:00:00.000Z`, 12.5, 2.2, "fine"],
      ]);
      expect(counts(await send(vehicle, content))).toEqual([0, 3, 0, 0]);
    });
  }

  test("JSON: an array, and the same again under other names", async () => {
    const vehicle = await aCar();
    const trip = { startTime: `${day(1)}T08:00:00Z`, endTime: `${day(1)}T08:30:00Z`, distanceKm: 12.5 };
    const same = { start: trip.startTime, end: trip.endTime, distance: 12.5, kwh: 2.2 };
    expect(counts(await send(vehicle, JSON.stringify([trip]), "application/json"))).toEqual([1, 0, 0, 0]);
    expect(counts(await send(vehicle, JSON.stringify([same]), "application/json"))).toEqual([0, 1, 0, 0]);
  });

  test("as a form's file, under its name", async () => {
    const vehicle = await aCar();
    const form = new FormData();
    form.set("file", new File([rows.join("\n")], "my trips.csv", { type: "text/csv" }));
    const answer = await rest.post(`/api/vehicles/${vehicle}/trips`, form, { token });
    expect([answer.at("imported"), answer.at("fileName")]).toEqual([3, "my trips.csv"]);
  });
});

describe("real files in ../shared/data/trips, through server and worker", () => {
  const file = (name: string) => Bun.file(`${data}/${name}`);

  for (const name of ["seed-sample-trips.csv", "seed-sample-trips-energy.csv"]) {
    withFile(name)(`${name}: both rows flagged, none lost`, async () => {
      expect(counts(await imported(await aCar(), file(name)))).toEqual([2, 0, 2, 0]);
    });
  }

  withFile("spritmonitor_vw_egolf.csv")("e-Golf log: 3,345 rows accounted for", async () => {
    const vehicle = await aCar({ make: "Volkswagen", model: "e-Golf", countryCode: "DE" });
    const answer = await imported(vehicle, file("spritmonitor_vw_egolf.csv"));
    expect([answer.at("rowsRead"), ...counts(answer)]).toEqual([3_345, 3_343, 1, expect.any(Number), 1]);
    expect(answer.list("rejected")).toEqual([
      expect.objectContaining({ row: 926, code: "distance_missing" }),
    ]);
  });

  withFile("teslafi_2016-06.csv")("TeslaFi: the two drives that the file holds, in kilometres", async () => {
    const vehicle = await aCar({ make: "Tesla", model: "Model S", countryCode: "US" });
    expect(counts(await imported(vehicle, file("teslafi_2016-06.csv")))).toEqual([2, 0, 0, 0]);
    expect((await tripsOf(vehicle)).map((trip) => trip.distanceKm)).toEqual([4.963, 1.205]);
  });

  withFile("kia_summary.trip.csv")("Kia monitor: 88 trips and the one without a distance", async () => {
    const vehicle = await aCar({ make: "Kia", model: "EV6", countryCode: "NL" });
    expect(counts(await imported(vehicle, file("kia_summary.trip.csv")))).toEqual([
      88,
      0,
      expect.any(Number),
      1,
    ]);
  });

  withFile("rsk_twizy_trips_summary.csv")(
    "Twizy at 1 Hz: one trip a file, within 3 % of the speed integral, no jump",
    async () => {
      const vehicle = await aCar({ make: "Renault", model: "Twizy", countryCode: "MA", batteryKwh: 6.1 });
      const lines = (await file("rsk_twizy_trips_summary.csv").text()).trim().split("\n").slice(1);
      let found = 0;
      for (const line of lines) {
        const [name = "", , , samples, integral] = line.split(",");
        if (!existsSync(`${data}/rsk_twizy/${name}`)) continue;
        found++;
        const answer = await imported(vehicle, file(`rsk_twizy/${name}`));
        expect([name, answer.at("imported"), answer.at("duplicates")]).toEqual([name, 1, 0]);
        expect(Number(answer.at("rowsRead"))).toBeGreaterThanOrEqual(Number(samples));
        const [trip] = (await tripsOf(vehicle)).filter((one) => one.source === "logger" && !seen.has(one.id));
        seen.add(trip?.id);
        expect(Math.abs(Number(trip?.distanceKm) / Number(integral) - 1)).toBeLessThan(0.03);
        const detail = await rest.get(`/api/vehicles/${vehicle}/trips/${trip?.id}`, { token });
        const track = detail.list("track") as { lat: number; lon: number }[];
        // 33.9 to 34.1 north, 6.7 to 6.9 west: the receiver's jump to 0,0 is nowhere in it.
        expect(track.length).toBeGreaterThan(50);
        expect(track.every(({ lat, lon }) => lat > 33.5 && lat < 34.5 && lon < -6.5 && lon > -7.2)).toBe(
          true,
        );
      }
      expect(found).toBeGreaterThan(0);
      expect((await tripsOf(vehicle)).length).toBe(found);
    },
  );
  const seen = new Set<unknown>();
});
