import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { newId } from "@evx/kernel";
import { lettersOf, pagesOf } from "./pages.testing.ts";
import { type ReportFacts, reportPdf } from "./report.ts";

// Setting type is slow work where many share a machine.
setDefaultTimeout(30_000);

const facts = (more: Partial<ReportFacts> = {}): ReportFacts => ({
  request: {
    id: newId("request"),
    status: "approved",
    tripCount: 1_245n,
    rejectedCount: 3n,
    distance_m: 15_250_123n,
    energy_wh: 2_790_100n,
    co2Saved_g: 1_525_012n,
    issued_g: 1_500_012n,
    buffer_g: 15_000n,
    firstAt: new Date("2025-01-02"),
    lastAt: new Date("2025-12-30"),
    zone: "Asia/Ho_Chi_Minh",
    submittedAt: new Date("2026-03-01T08:00:00Z"),
    decidedAt: new Date("2026-03-02T09:30:00Z"),
    note: "Đã đối chiếu đồng hồ công-tơ-mét.",
    method: "flat-v1",
    factorSet: "flat-v1/0",
    qualityTier: "manual",
    countryCode: "VN",
    vehicle: { make: "VinFast", model: "VF 8 Plus", year: 2024, class: "car" },
    riskScore: 20,
    riskReasons: [{ sentence: "30 of 1245 trips are flagged.", points: 20 }],
  },
  owner: "Nguyễn Thị Phương Thảo",
  reviewers: ["Trần Văn Kiểm", "Hoàng Đức Anh"],
  methods: [
    { method: "flat-v1", grams: 1_525_012n, counted: true, tripsWithout: 0n },
    { method: "metered-v1", grams: 1_300_000n, counted: false, tripsWithout: 4n },
  ],
  factors: [["flat-v1", "120 g/km − 20 g/km"]],
  flags: [{ message: "… kWh/100 km", count: 30n }],
  refused: Array.from({ length: 250 }, (_, n) => ({
    startedAt: new Date(Date.UTC(2025, 3, 1, n)),
    distance_m: 15_250n,
    co2Saved_g: 1_525n,
    reason: n % 2 ? "The evidence is missing." : "Another reason.",
    note: n % 2 ? null : "Biển số không khớp.",
  })),
  history: [
    { kind: "question", author: "Trần Văn Kiểm", body: "Xin gửi ảnh.", at: new Date("2026-03-01T09:00:00Z") },
  ],
  proofs: [
    {
      serial: "EVX-VN-flat-v1-2025-000042-1-1500012",
      vintageFrom: "2025-01-05",
      vintageTo: "2025-12-31",
      root: "ab".repeat(32),
      leaves: 1_242n,
    },
  ],
  certificate: null,
  printedAt: new Date("2026-03-03T00:00:00Z"),
  ...more,
});

describe("a verification report", () => {
  test("of a long review goes on over pages in both languages", async () => {
    for (const locale of ["en", "vi"] as const) {
      const pdf = await reportPdf(facts(), locale);
      expect(pagesOf(pdf)).toBeGreaterThan(3);
      expect(lettersOf(pdf).has("ễ")).toBe(true);
    }
  });

  test("of a request that nobody looked at yet is one page", async () => {
    const { request } = facts();
    const pdf = await reportPdf(
      facts({
        request: {
          ...request,
          status: "pending",
          issued_g: null,
          buffer_g: null,
          decidedAt: null,
          note: null,
          energy_wh: null,
          riskReasons: [],
        },
        reviewers: [],
        refused: [],
        flags: [],
        proofs: [],
      }),
      "vi",
    );
    expect(pagesOf(pdf)).toBe(1);
  });
});
