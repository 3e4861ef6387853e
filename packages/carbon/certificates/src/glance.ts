import { registryBatches, timeline } from "@evx/credits";
import type { Db } from "@evx/db";
import { day_ms } from "@evx/kernel";
import { parseSerial } from "@evx/proof";
import { sealRootOf } from "@evx/seal";
import { documentOf } from "./certificates.ts";
import { certificateRows } from "./queries/certificates.ts";
import { rootRows } from "./queries/trees.ts";
import type { GlanceView } from "./schema.ts";

/** So many retirements are shown on the public home. */
const shown = 4;

/** The newest retirements with their seals; `week` says whether they are of the last seven days. */
const retirementsOf = async (db: Db, now: Date): Promise<GlanceView["retired"]> => {
  const rows = await certificateRows(db, { kind: "retirement", status: "valid" }, shown, null);
  const since = now.getTime() - 7 * day_ms;
  const recent = rows.filter((row) => row.issued_at.getTime() >= since);
  const taken = recent.length > 0 ? recent : rows;
  return {
    week: recent.length > 0,
    items: await Promise.all(
      taken.map(async (row) => {
        const { retirement, lots } = documentOf(row);
        return {
          certificateNumber: row.number,
          beneficiary: retirement?.beneficiary ?? "",
          reason: retirement?.reason ?? "other",
          message: retirement?.message ?? null,
          credits: row.credits_g,
          retiredAt: row.issued_at,
          root: await sealRootOf(lots.map(({ root }) => root)),
        };
      }),
    ),
  };
};

/** One gram of a serial number: the last of it. */
const lastGramOf = (serial: string): string => serial.replace(/-\d+-(\d+)$/, "-$1-$1");

/** The newest retired gram where there is one, else the newest gram of all, with its whole life. */
const oneGram = async (db: Db, serial: string | undefined): Promise<GlanceView["gram"]> => {
  if (!serial) return null;
  const life = await timeline(db, lastGramOf(serial));
  const [run] = life.runs;
  return {
    serial: life.serial,
    batch: life.batch.number,
    gram: parseSerial(life.serial)?.last.toString() ?? "1",
    vehicleClass: life.batch.vehicleClass,
    country: life.batch.country,
    cvaName: life.batch.cvaName,
    state: run?.state ?? "held",
    steps: run?.steps ?? [],
  };
};

/** What the public home shows of the registry: the newest batch, one gram's life, and who retired lately. */
export const registryGlance = async (db: Db, now: Date): Promise<GlanceView> => {
  const [{ items }, retired, [newest]] = await Promise.all([
    registryBatches(db, { limit: 1 }),
    retirementsOf(db, now),
    certificateRows(db, { kind: "retirement", status: "valid" }, 1, null),
  ]);
  const [batch] = items;
  const [tree] = batch ? await rootRows(db, [batch.id]) : [];
  const serial = newest ? documentOf(newest).lots.at(-1)?.serial : batch?.serial;
  return {
    latest: batch
      ? {
          number: batch.number,
          serial: batch.serial,
          credits: batch.issued,
          issuedAt: batch.issuedAt,
          trips: batch.tripCount,
          drivenFrom: batch.periodFrom,
          root: tree?.root ?? null,
        }
      : null,
    gram: await oneGram(db, serial),
    retired,
  };
};
