import { Button, Dialog, Notice } from "@evx/ui";
import { useNavigate } from "@solidjs/router";
import jsQr from "jsqr";
import { createSignal, onCleanup, onMount, Show } from "solid-js";
import { useText } from "../../i18n/index.ts";
import { numberIn } from "./number-in.ts";

const LOOK_MS = 200;
/** Wide enough for a QR code in the hand, small enough for an old phone. */
const WIDTH = 640;

/** Reads a certificate's QR code by the camera; the picture never leaves the device. */
export default function Scan(props: { onClose: () => void }) {
  const t = useText("scan");
  return (
    <Dialog
      open
      onOpen={(open) => !open && props.onClose()}
      title={t("title")}
      description={t("lead")}
      actions={
        <Button variant="secondary" onClick={() => props.onClose()}>
          {t("stop")}
        </Button>
      }
    >
      <Camera onClose={props.onClose} />
    </Dialog>
  );
}

const Camera = (props: { onClose: () => void }) => {
  const t = useText("scan");
  const navigate = useNavigate();
  const [failed, setFailed] = createSignal(false);
  const [foreign, setForeign] = createSignal(false);
  let video: HTMLVideoElement | undefined;
  let stream: MediaStream | undefined;
  let timer: ReturnType<typeof setInterval> | undefined;
  let gone = false;

  const stop = () => {
    clearInterval(timer);
    for (const track of stream?.getTracks() ?? []) track.stop();
  };
  const look = (canvas: HTMLCanvasElement) => {
    const pen = canvas.getContext("2d", { willReadFrequently: true });
    if (!video?.videoWidth || !pen) return;
    canvas.width = WIDTH;
    canvas.height = Math.round((WIDTH * video.videoHeight) / video.videoWidth);
    pen.drawImage(video, 0, 0, canvas.width, canvas.height);
    const picture = pen.getImageData(0, 0, canvas.width, canvas.height);
    const found = jsQr(picture.data, picture.width, picture.height);
    if (!found) return;
    const number = numberIn(found.data);
    setForeign(number === null);
    if (!number) return;
    props.onClose();
    navigate(`/c/${number}`);
  };
  onMount(async () => {
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      if (gone || !video) return stop();
      video.srcObject = stream;
      await video.play();
      const canvas = document.createElement("canvas");
      timer = setInterval(() => look(canvas), LOOK_MS);
    } catch {
      setFailed(true);
    }
  });
  onCleanup(() => {
    gone = true;
    stop();
  });

  return (
    <div class="grid gap-3">
      <Show
        when={!failed()}
        fallback={
          <Notice tone="warning" title={t("none")}>
            {t("noneBody")}
          </Notice>
        }
      >
        <video
          ref={video}
          muted
          playsinline
          class="aspect-[4/3] w-full bg-sunken object-cover"
          aria-label={t("title")}
        />
      </Show>
      <p class="min-h-6 text-muted" aria-live="polite">
        {foreign() ? t("foreign") : ""}
      </p>
    </div>
  );
};
