import { importJobs } from "@evx/imports/jobs";
import type { Handler } from "@evx/jobs";
import type { TelematicsPorts } from "@evx/telematics";
import { telematicsJobs } from "@evx/telematics/jobs";
import { tripJobs } from "@evx/trips/jobs";

export const vehicleJobs = (ports: TelematicsPorts): readonly Handler[] => [
  ...telematicsJobs(ports),
  ...importJobs,
  ...tripJobs,
];
