import type { Format } from "../format.ts";

/** Both know the end of a trip and how long it took; energy is the car's consumption times the distance. */
export const weConnect: Format = {
  name: "weconnect",
  title: { en: "Volkswagen We Connect trips", vi: "Chuyến đi Volkswagen We Connect" },
  from: "We Connect trip statistics, as CarConnectivity and evcc's tools save them.",
  shape: "trips",
  needs: ["trip_end_timestamp", "travel_time", ["mileage_km", "mileage"]],
  columns: {
    end: ["trip_end_timestamp"],
    duration_min: ["travel_time"],
    distance: ["mileage_km", "mileage"],
    consumption: ["average_electric_consumption"],
    start_odometer: ["start_mileage_km"],
    end_odometer: ["overall_mileage_km"],
  },
  only: true,
  sample:
    "tripEndTimestamp,startMileage_km,overallMileage_km,mileage_km,travelTime,averageElectricConsumption,averageSpeed_kmph\n" +
    "2026-02-25T18:03:25Z,20866,20904,38,42,17.2,54\n",
  gives: [{ start: "2026-02-25T17:21:25Z", end: "2026-02-25T18:03:25Z", km: 38, kwh: 6.536 }],
};

export const mySkoda: Format = {
  name: "myskoda",
  title: { en: "MyŠkoda trip statistics", vi: "Thống kê chuyến đi MyŠkoda" },
  from: "MyŠkoda: trip statistics, single trips, export.",
  shape: "trips",
  needs: ["end_of_trip", ["travel_time_in_minutes", "travel_time"], ["mileage_in_km", "mileage_in_mi"]],
  columns: { end: ["end_of_trip"], distance: ["mileage_in_km", "mileage_in_mi"] },
  sample:
    "End of trip;Start mileage in km;End mileage in km;Mileage in km;Travel time in minutes;Average speed in km/h;Average electric consumption in kWh/100km\n" +
    "2026-06-10T17:33:00;15653;15689;36;34;63;17,1\n",
  gives: [{ start: "2026-06-10T16:59:00Z", end: "2026-06-10T17:33:00Z", km: 36, kwh: 6.156 }],
};
