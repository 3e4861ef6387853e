import { words } from "./languages.ts";
import type { Synonyms } from "./roles.ts";

/** Speeds in any unit: the header tells which. */
export const speeds = words(`
    speed speed_kmh speed_km_h speed_obd_km_h vehicle_speed vehicle_speed_km_h velocity speed_kph speed_ms
    speed_m_s speed_mph gps_speed_km_h gps_speed_meters_second gps_speed toc_do van_toc van_toc_km_h
    v_p_speed geschwindigkeit geschwindigkeit_km_h vitesse_km_h toc_do_km_h`);

export const moments = words(`
    timestamp epoch_time datetime date_time time_stamp timestamp_utc utc_time utc unix_time epoch gps_time
    device_time recorded_at datum_uhrzeit zeitstempel thoi_gian`);

export const readingSynonyms: Synonyms = {
  start: moments,
  date: ["date", "day", "ngay"],
  time: ["time", "time_of_day", "clock"],
  speed: speeds,
  lat: ["lat", "latitude", "latitude_deg", "gps_lat", "gps_latitude", "vi_do", "breitengrad", "v_p_latitude"],
  lon: [
    "lon",
    "long",
    "lng",
    "longitude",
    "longitude_deg",
    "longtitude",
    "gps_lon",
    "gps_longitude",
    "gps_long",
    "kinh_do",
    "laengengrad",
    "langengrad",
    "v_p_longitude",
  ],
  soc: words(`
    soc soc_pct state_of_charge state_of_charge_pct battery_level battery_level_pct battery_pct
    battery_soc v_b_soc ladestand_pct`),
  odometer: ["odometer", "odometer_km", "odometer_mi", "odo", "odo_km", "v_p_odometer", "kilometerstand"],
};
