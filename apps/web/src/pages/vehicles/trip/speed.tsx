import { TimeChart } from "@evx/ui";
import { useText } from "../../../i18n/index.ts";
import { type TripDetail, useVehicleWords } from "../words.ts";

/** Minutes since the start as 12:30. */
const clock = (minutes: number): string => {
  const seconds = Math.round(minutes * 60);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
};

/** Points that a chart can show: the mean speed of each stretch of the trip. */
const profileOf = (track: TripDetail["track"], points = 160) => {
  const timed = track.filter((point) => point.speedKmh !== null);
  const size = Math.max(1, Math.ceil(timed.length / points));
  return Array.from({ length: Math.ceil(timed.length / size) }, (_, place) => {
    const stretch = timed.slice(place * size, (place + 1) * size);
    const sum = stretch.reduce((total, point) => total + (point.speedKmh ?? 0), 0);
    return { minute: (stretch[0]?.second ?? 0) / 60, speed: sum / Math.max(1, stretch.length) };
  });
};

/** How fast a trip went, minute by minute. */
export default function Speed(props: { trip: TripDetail }) {
  const t = useText("vehicles");
  const words = useVehicleWords();
  return (
    <TimeChart
      mark="line"
      title={t("trip.speed")}
      valueHeader={t("trip.speedAxis")}
      labelHeader={t("trip.minute")}
      points={profileOf(props.trip.track).map((point) => ({
        from: point.minute * 60_000,
        heading: clock(point.minute),
        value: point.speed,
      }))}
      formatTime={(at) => clock(at / 60_000)}
      format={(value) => words.kmh(value)}
    />
  );
}
