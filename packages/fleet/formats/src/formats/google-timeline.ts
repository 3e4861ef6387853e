import type { Format } from "../format.ts";

const hour = (n: number) => `2026-03-01T${String(n).padStart(2, "0")}:00:00.000+07:00`;

/** What a phone exports itself, on Android and on iOS: drives, walks, stays and paths, one after the other. */
export const googleTimeline: Format = {
  name: "google-timeline",
  title: { en: "Google Timeline of a phone", vi: "Dòng thời gian Google của điện thoại" },
  from: "On the phone: Settings, Location, Timeline, Export (Android), or Google Maps, Your data, Export (iOS).",
  shape: "trips",
  needs: ["start_time", "end_time", "activity_distance_meters", "activity_top_candidate_type"],
  columns: {
    start: ["start_time"],
    end: ["end_time"],
    distance: ["activity_distance_meters"],
    start_location: ["activity_start"],
    end_location: ["activity_end"],
  },
  only: true,
  activity: "activity_top_candidate_type",
  quirks: { stays: true, phone: true },
  sample: JSON.stringify({
    semanticSegments: [
      { startTime: hour(7), endTime: hour(8), visit: { topCandidate: { semanticType: "HOME" } } },
      {
        startTime: hour(8),
        endTime: hour(9),
        activity: {
          start: { latLng: "10.7769°, 106.7009°" },
          end: { latLng: "10.9500°, 106.8000°" },
          distanceMeters: 31_400.6,
          topCandidate: { type: "IN_PASSENGER_VEHICLE", probability: 0.9 },
        },
      },
      { startTime: hour(9), endTime: hour(10), timelinePath: [{ point: "10.9°, 106.8°", time: hour(9) }] },
      {
        startTime: hour(10),
        endTime: hour(11),
        activity: { distanceMeters: 3000, topCandidate: { type: "WALKING" } },
      },
    ],
    rawSignals: [{ position: { LatLng: "10.9°, 106.8°", timestamp: hour(9) } }],
  }),
  gives: [{ start: "2026-03-01T01:00:00Z", end: "2026-03-01T02:00:00Z", km: 31.401, kwh: null }],
};

/** What Google's Takeout held until 2024, a file for each month. */
export const googleTakeout: Format = {
  name: "google-takeout",
  title: {
    en: "Google Takeout, semantic location history",
    vi: "Google Takeout, lịch sử vị trí theo ngữ nghĩa",
  },
  from: "takeout.google.com: Location History, Semantic Location History, one file a month.",
  shape: "trips",
  needs: [
    "activity_segment_distance",
    ["activity_segment_duration_start_timestamp", "activity_segment_duration_start_timestamp_ms"],
  ],
  columns: {
    start: ["activity_segment_duration_start_timestamp", "activity_segment_duration_start_timestamp_ms"],
    end: ["activity_segment_duration_end_timestamp", "activity_segment_duration_end_timestamp_ms"],
    distance: ["activity_segment_distance"],
    start_location: ["activity_segment_start_location"],
    end_location: ["activity_segment_end_location"],
  },
  only: true,
  activity: "activity_segment_activity_type",
  quirks: { metres: true, stays: true, phone: true },
  sample: JSON.stringify({
    timelineObjects: [
      {
        placeVisit: {
          duration: { startTimestamp: "2023-03-01T00:00:00Z", endTimestamp: "2023-03-01T01:00:00Z" },
        },
      },
      {
        activitySegment: {
          startLocation: { latitudeE7: 107_769_000, longitudeE7: 1_067_009_000 },
          endLocation: { latitudeE7: 109_500_000, longitudeE7: 1_068_000_000 },
          duration: { startTimestamp: "2023-03-01T01:00:00Z", endTimestamp: "2023-03-01T02:00:00.5Z" },
          distance: 31_400,
          activityType: "IN_PASSENGER_VEHICLE",
        },
      },
      {
        activitySegment: {
          duration: { startTimestamp: "2023-03-01T02:00:00Z", endTimestamp: "2023-03-01T03:00:00Z" },
          distance: 9_000,
          activityType: "CYCLING",
        },
      },
    ],
  }),
  gives: [{ start: "2023-03-01T01:00:00Z", end: "2023-03-01T02:00:00.500Z", km: 31.4, kwh: null }],
};
