import type { ColumnRole } from "./roles.ts";

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
  "xuat_phat",
  "tu",
  "departed",
  "depart",
  "inicio",
  "debut",
  "startdatum",
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
  "arrived",
  "arrivee",
  "eind",
  "slutt",
  "slut",
  "fine",
  "fin",
  "enddatum",
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
  "startdatum",
  "enddatum",
  "at",
);
const kilometres = any(
  "odometer",
  "odo",
  "mileage",
  "km_stand",
  "kilometerstand",
  "kilometrage",
  "cong_to_met",
  "dong_ho",
  "tacho",
  "hodometro",
  "cuentakilometros",
);
const length = any(
  "distance",
  "strecke",
  "entfernung",
  "quang_duong",
  "khoang_cach",
  "so_km",
  "driven",
  "distancia",
  "avstand",
  "length",
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

const level = any(
  "soc",
  "state_of_charge",
  "battery",
  "batt",
  "pin",
  "akku",
  "batterie",
  "bateria",
  "batteria",
  "ladestand",
);
const noLevel =
  /(^|_)(temp\w*|k?wh|volt\w*|v|health|soh|capacity|dung_luong|range|time|date|price|cost|id|name|type|loai|charged?|charging|sac)(_|$)/;
/** The row's own zone, where a traveller's file has one. */
const zone =
  /(^|_)(time_?zone(_id|_name)?|tz|(utc|gmt|tz|time_?zone)_offset(_\w+)?|mui_gio|zeitzone|fuseau(_horaire)?|zona_horaria|huso_horario|fuso_orario|fuso_horario|tijdzone|tidszon\w*|zona_waktu|时区|時区|시간대)$/;

/** A state of charge before and after a drive, or what it took of it. */
const levelRole = (name: string): ColumnRole | null => {
  if (!level.test(name) || noLevel.test(name)) return null;
  if (begin.test(name) || any("before", "truoc", "dau", "vor", "avant", "antes").test(name))
    return "start_soc";
  if (finish.test(name) || any("after", "sau", "cuoi", "nach", "apres", "despues").test(name))
    return "end_soc";
  return spent.test(name) && /(^|_)(pct|percent|soc|phan_tram)(_|$)/.test(name) ? "soc_used" : null;
};

/** What a plain header that is no known name means by its words; null where they do not tell. */
export const guessedRole = (name: string): ColumnRole | null => {
  if (zone.test(name)) return finish.test(name) ? null : "zone";
  const charged = levelRole(name);
  if (charged) return charged;
  const place =
    /(^|_)(lat|latitude|lon|lng|long|longitude|address|location|place|ort|city|soc|battery|temp\w*)(_|$)/;
  const perDistance =
    /kwh_(per_)?(100_?)?(km|mi)(_|$)|wh_(per_)?km|wh_(per_)?mi|mi(les)?_(per_)?kwh|km_(per_)?kwh/.test(name);
  if (perDistance) return charge.test(name) ? null : "consumption";
  if (place.test(name)) return null;
  if (kilometres.test(name) && begin.test(name)) return "start_odometer";
  if (kilometres.test(name) && finish.test(name)) return "end_odometer";
  if (any("dong_ho", "cong_to_met", "odometer", "odo").test(name) && !any("trip").test(name))
    return "odometer";
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
