import type { ColumnRole } from "./candidate.ts";

const any = (...words: string[]) => new RegExp(`(^|_)(${words.join("|")})(_|$)`);

const begin = any(
  "start",
  "started",
  "begin",
  "beginning",
  "departure",
  "abfahrt",
  "from",
  "bat_dau",
  "khoi_hanh",
  "inicio",
  "debut",
);
const finish = any(
  "end",
  "ended",
  "stop",
  "stopped",
  "finish",
  "arrival",
  "ankunft",
  "ende",
  "ket_thuc",
  "den",
  "fin",
);
const clock = any(
  "time",
  "date",
  "datetime",
  "timestamp",
  "zeit",
  "gio",
  "ngay",
  "thoi_gian",
  "thoi_diem",
  "utc",
  "hora",
  "heure",
  "at",
);
const kilometres = any("odometer", "odo", "mileage", "km_stand", "kilometerstand", "cong_to_met");
const length = any(
  "distance",
  "strecke",
  "entfernung",
  "quang_duong",
  "khoang_cach",
  "so_km",
  "driven",
  "distancia",
  "trip_km",
);
const electric = any("energy", "kwh", "wh", "energie", "strom", "dien_nang", "dien");
const spent = any(
  "used",
  "consumed",
  "consumption",
  "net",
  "verbrauch",
  "tieu_thu",
  "tieu_hao",
  "su_dung",
  "total",
);
/** Energy that is no trip's: what fits or is left, and what it costs. */
const held = any(
  "capacity",
  "remaining",
  "left",
  "usable",
  "full",
  "price",
  "cost",
  "con_lai",
  "dung_luong",
  "gia",
  "tien",
);
const mean = any("avg", "average", "mean", "max", "min", "durchschnitt", "trung_binh", "speed", "toc_do");
const charge = any("charge", "charged", "charging", "regen", "regenerated", "recuperated", "added", "sac");

/** What a plain header that is no known name means by its words; null where they do not tell. */
export const guessedRole = (name: string): ColumnRole | null => {
  const place =
    /(^|_)(lat|latitude|lon|lng|long|longitude|address|location|place|ort|city|soc|battery|temp\w*)(_|$)/;
  const perDistance =
    /kwh_(per_)?(100_?)?(km|mi)(_|$)|wh_(per_)?km|wh_(per_)?mi|mi(les)?_(per_)?kwh|km_(per_)?kwh/.test(name);
  if (perDistance) return charge.test(name) ? null : "consumption";
  if (place.test(name)) return null;
  if (kilometres.test(name) && begin.test(name)) return "start_odometer";
  if (kilometres.test(name) && finish.test(name)) return "end_odometer";
  if (
    any("duration", "dauer", "fahrzeit", "thoi_luong", "(travel|driving|drive|trip|journey)_time").test(name)
  ) {
    if (any("avg", "average", "mean", "max", "stop", "idle", "idling", "stand", "parked").test(name))
      return null;
    return any("s", "sec", "seconds").test(name) ? "duration_s" : "duration_min";
  }
  if (mean.test(name) || charge.test(name)) return null;
  if (length.test(name)) return "distance";
  if (electric.test(name)) {
    if (spent.test(name)) return "energy";
    return /(^|_)k?wh$/.test(name) && !held.test(name) && !begin.test(name) && !finish.test(name)
      ? "energy"
      : null;
  }
  if (begin.test(name) && clock.test(name)) return "start";
  if (finish.test(name) && clock.test(name)) return "end";
  return null;
};
