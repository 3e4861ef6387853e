export default {
  title: "Hold the QR code up to the camera",
  lead: "You'll find it on the certificate's page and PDF. The image never leaves this device.",
  stop: "Stop",
  none: "No camera available",
  noneBody: "Allow this site to use the camera, or enter the number instead.",
  foreign: "That QR code is not one of our certificates.",
} as const;
