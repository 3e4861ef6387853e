import type { Format } from "../format.ts";
import { evx } from "./evx.ts";
import { evxDays } from "./evx-days.ts";
import { fahrtenbuch } from "./fahrtenbuch.ts";
import { geotab, samsara } from "./fleet-boxes.ts";
import { ford } from "./ford.ts";
import { googleTakeout, googleTimeline } from "./google-timeline.ts";
import { kiaDailyStats, kiaDays, kiaTripInfo, kiaTrips } from "./kia.ts";
import { leafSpy } from "./leafspy.ts";
import { polestar } from "./polestar.ts";
import { abrp, gpx, logger, ovms, torque } from "./readings.ts";
import { spritmonitor } from "./spritmonitor.ts";
import { teslafi } from "./teslafi.ts";
import { teslamate } from "./teslamate.ts";
import { teslamateDashboard } from "./teslamate-dashboard.ts";
import { tessie } from "./tessie.ts";
import { vinfast } from "./vinfast.ts";
import { mySkoda, weConnect } from "./volkswagen.ts";
import { volvo } from "./volvo.ts";

/** In the order in which they are tried: what is most particular comes first. */
export const formats: readonly Format[] = [
  teslafi,
  googleTimeline,
  googleTakeout,
  polestar,
  tessie,
  teslamate,
  volvo,
  ford,
  samsara,
  geotab,
  weConnect,
  mySkoda,
  leafSpy,
  torque,
  ovms,
  abrp,
  gpx,
  teslamateDashboard,
  kiaDailyStats,
  kiaTripInfo,
  kiaTrips,
  kiaDays,
  spritmonitor,
  fahrtenbuch,
  vinfast,
  logger,
  evx,
  evxDays,
];
